import { afterEach, describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@ensemble/contracts';
import type { Store } from '@ensemble/store';
import { persistence, type Ports } from './ports.ts';
import { start, type RuntimeOptions } from './runtime.ts';
import type { Running } from './runtime.ts';
import { schedule, slots } from './schedule.ts';
import { reaction, reminder, say, service, toDo, withdraw } from './service.ts';
import {
  bookingOf,
  eventOf,
  noon,
  placeOnly,
  quiet,
  until,
  type World,
  world,
} from './spec-kit.ts';

const minute = 60_000;
const issue = toDo('issue')<{ n: number }, string>({ firstMs: 1_000, maxMs: 8_000 });
const print = toDo('print')<null, string>({ firstMs: 1_000, maxMs: 8_000, limit: 3 });
const stamp = toDo('stamp')<null, string>({ firstMs: 200_000, maxMs: 200_000, limit: 3 });
const chase = reminder('chase');

interface Order {
  readonly place: ReturnType<typeof bookingOf>;
  readonly digests: boolean;
}
const told = ({ place }: Order, reason: string) => [say('ticket.delayed', { ...place, reason })];

/** Does what the receipt of a payment names; says what came of it, in order. */
const ticket = service(
  'ticket',
  {
    stream: 'booking',
    version: 1,
    initial: { place: bookingOf(0), digests: true } as Order,
    does: [issue, print, stamp, chase],
  },
  {
    evolve: {
      'payment.received': (state, { data }) => ({ ...state, place: placeOnly(data) }),
      'payment.declined': (state) => ({ ...state, digests: false }),
    },
    on: {
      'payment.received': reaction([], (_state, { data }) => {
        const [name, at = '', giveUp = ''] = data.receipt.split(' ');
        const when = {
          ...(at === '' ? {} : { at: noon + Number(at) }),
          ...(giveUp === '' ? {} : { until: noon + Number(giveUp) }),
        };
        if (name === 'chase') return [chase(null, when)];
        if (name === 'print') return [print(null, when)];
        return name === 'stamp' ? [stamp(null, when)] : [issue({ n: data.attempt - 1 }, when)];
      }),
      'payment.refunded': reaction(['ticket.revoked'], (_state, { data }) => [
        withdraw(issue),
        say('ticket.revoked', { ...placeOnly(data), ticketId: data.bookingId }),
      ]),
    },
    came: {
      issue: reaction(['ticket.delayed'], (state, came) => {
        if (!state.digests) throw new Error('cannot digest');
        return told(state, came.ok ? came.result : came.reason);
      }),
      print: reaction(['ticket.delayed'], (state, came) =>
        told(state, came.ok ? came.result : came.reason),
      ),
      stamp: reaction(['ticket.delayed'], (state, came) =>
        told(state, came.ok ? came.result : came.reason),
      ),
      chase: reaction(['ticket.delayed'], (state) => told(state, 'chased')),
    },
  },
);

const filedToDo = (id: string, dueAt = noon) => ({
  id,
  name: 'issue',
  args: { n: 0 },
  dueAt,
  stream: 's',
  partition: 0,
  tries: 0,
});

/** A schedule without a runtime, which does one thing at a time, the first when it is released. */
const alone = async ({ isOpen = (_id: string): boolean => true } = {}) => {
  const here = world();
  const ports = here.ports();
  const done: string[] = [];
  const asked: string[] = [];
  const first = Promise.withResolvers<void>();
  const toDos = schedule(ticket, 0, ports, persistence('ticket', ports), {
    effects: {
      issue: async (_args: unknown, { id }: { id: string }) =>
        id === 'first' ? first.promise : 'done',
    },
    slot: slots(1),
    open: async (_stream, id) => {
      asked.push(id);
      return isOpen(id) ? filedToDo(id) : undefined;
    },
    heardAll: async () => undefined,
    answer: async (_stream, { id }) => {
      done.push(id);
      return 'decided';
    },
    isParked: () => false,
  });
  return { here, toDos, done, asked, release: first.resolve };
};

const order = (receipt: string, booking = 1): AnyEvent =>
  eventOf('payment.received', booking, { receipt, attempt: booking + 1 });

/** What the effect of every to-do does: resolves, throws, or takes its time. */
type Deed = (try_: { name: string; n: number; tries: number; id: string }) => Promise<string>;

const running: Running[] = [];
afterEach(() => {
  for (const each of running.splice(0)) void each.stop({ drainMs: 0 });
});

const play = (
  { ports, clock }: World,
  deed: Deed = async () => 'done',
  instead: Partial<Ports> = {},
  options: RuntimeOptions = {},
) => {
  /** `name n@ms`: when each try was made. */
  const tried: string[] = [];
  const attempt = (name: string) => (args: { n: number } | null, context: object) => {
    const n = args?.n ?? 0;
    tried.push(`${name} ${n}@${clock.now() - noon}`);
    return deed({ name, n, ...(context as { tries: number; id: string }) });
  };
  const effects = { issue: attempt('issue'), print: attempt('print'), stamp: attempt('stamp') };
  const runtime = start(ticket, ports(instead), effects, options);
  running.push(runtime as unknown as Running);
  return { runtime, tried };
};

const reasons = (here: World): string[] =>
  here
    .records('ticket')
    .flatMap(({ value }) => (JSON.parse(String(value)) as { reason?: string }).reason ?? []);
const filed = (here: World) => here.store.due({ partition: 0, before: Infinity, limit: 100_000 });
const away = (): Promise<never> => Promise.reject(new Error('away'));
const never = (): Promise<never> => new Promise(() => {});

describe('a schedule', () => {
  it('does at once what is due at once, and hears its result', async () => {
    const here = world();
    const { tried } = play(here);
    await here.publish(order('issue'));
    await until(() => reasons(here).length === 1);
    expect([tried, reasons(here)]).toEqual([['issue 1@0'], ['done']]);
    await until(() => here.storeData.toDos.size === 0);
  });

  it('does later what is due later', async () => {
    const here = world();
    const { tried } = play(here);
    await here.publish(order('issue 30000'));
    await here.clock.advance(29_999);
    expect(tried).toEqual([]);
    await here.clock.advance(1);
    expect(tried).toEqual(['issue 1@30000']);
  });

  it('leaves on disk what is more than a minute away, until it is due', async () => {
    const here = world();
    const { tried } = play(here);
    await quiet();
    const before = here.clock.waiting().length;
    await here.publish(order('issue 600000'));
    await until(() => here.storeData.toDos.size === 1);
    expect(here.clock.waiting()).toHaveLength(before);
    await here.clock.advance(10 * minute);
    expect(tried).toEqual(['issue 1@600000']);
  });

  it('does at its start what fell due while the service was down', async () => {
    const here = world();
    const { runtime } = play(here);
    await here.publish(order('issue 600000'));
    await until(() => here.storeData.toDos.size === 1);
    await runtime.stop();
    await here.clock.advance(60 * minute);
    const { tried } = play(here);
    await until(() => reasons(here).length === 1);
    expect(tried).toEqual([`issue 1@${60 * minute}`]);
  });

  it('tries again with exponential backoff and full jitter, over restarts too', async () => {
    const here = world();
    const chances = [0.5, 0.999, 0.25, 0.5, 0.5];
    const random = (): number => chances.shift() ?? 0.5;
    const first = play(here, away, { random });
    await here.publish(order('issue'));
    await here.clock.advance(4_000);
    await first.runtime.stop();
    // 0.5 of 1 s, 0.999 of 2 s, 0.25 of 4 s, then 0.5 of 8 s and never of more.
    expect(first.tried).toEqual(['issue 1@0', 'issue 1@500', 'issue 1@2498', 'issue 1@3498']);
    const second = play(here, away, { random });
    await here.clock.advance(10_000);
    expect(second.tried).toEqual(['issue 1@7498', 'issue 1@11498']);
  });

  it('gives up at its limit, and that is heard once', async () => {
    const here = world();
    const { tried } = play(here, away);
    await here.publish(order('print'));
    await here.clock.advance(minute);
    expect(tried).toHaveLength(3);
    expect(reasons(here)).toEqual(['away']);
    expect(await filed(here)).toEqual([]);
  });

  it.each([
    ['an error that says nothing', new TypeError(''), 'TypeError'],
    ['nothing at all', '', 'no reason was given'],
  ])('has a reason when it gives up for %s', async (_what, thrown, reason) => {
    const here = world();
    play(here, () => Promise.reject(thrown as Error));
    await here.publish(order('print'));
    await here.clock.advance(minute);
    expect(reasons(here)).toEqual([reason]);
  });

  it('begins nothing before it is started, and then what was filed before', async () => {
    const { here, toDos, done } = await alone();
    await here.store.file([filedToDo('a'), filedToDo('b')]);
    toDos.add([filedToDo('a')], noon);
    toDos.look();
    await here.clock.advance(minute);
    expect(done).toEqual([]);
    await toDos.start();
    await until(() => done.length === 2);
    expect(done.toSorted()).toEqual(['a', 'b']);
    await toDos.stop();
  });

  it('asks no more than once in a second whether a to-do is open', async () => {
    const { here, toDos, done, asked } = await alone();
    await toDos.start();
    toDos.add([filedToDo('now')], noon);
    toDos.add([filedToDo('soon', noon + 999)], noon);
    toDos.add([filedToDo('later', noon + 1_000)], noon);
    await here.clock.advance(minute);
    expect(done).toEqual(['now', 'soon', 'later']);
    expect(asked).toEqual(['later']);
    await toDos.stop();
  });

  it('keeps nothing waiting for reminders, however many there are', async () => {
    const { toDos, done } = await alone();
    await toDos.start();
    const reminders = Array.from({ length: 2_500 }, (_, n) => ({
      ...filedToDo(`chase-${n}`, noon + 30_000),
      name: 'chase',
    }));
    toDos.add(reminders, noon);
    toDos.add([filedToDo('now')], noon);
    await until(() => done.length === 1);
    expect(done).toEqual(['now']);
    await toDos.stop();
  });

  it('asks about what was answered or withdrawn while it waited for its turn', async () => {
    const { toDos, done, asked, release } = await alone({ isOpen: (id) => id !== 'withdrawn' });
    await toDos.start();
    toDos.add([filedToDo('first'), filedToDo('withdrawn'), filedToDo('last')], noon);
    toDos.drop(['withdrawn']);
    release();
    await until(() => done.length === 2);
    expect(done).toEqual(['first', 'last']);
    expect(asked).toEqual(['withdrawn']);
    await toDos.stop();
  });

  it('gives up after `until`, with a last try at that moment', async () => {
    const here = world();
    const { tried } = play(here, away);
    await here.publish(order('issue 0 1200'));
    await here.clock.advance(minute);
    expect(tried).toEqual(['issue 1@0', 'issue 1@500', 'issue 1@1200']);
    expect(reasons(here)).toEqual(['away']);
  });

  it('tries at least once, however late it is', async () => {
    const here = world();
    await here.publish(order('issue 0 1200'));
    await here.clock.advance(minute);
    const { tried } = play(here, away);
    await until(() => reasons(here).length === 1);
    expect(tried).toEqual([`issue 1@${minute}`]);
  });

  it('does not try again what it wakes up to after its `until`', async () => {
    const here = world();
    const { runtime } = play(here, away);
    await here.publish(order('issue 0 1200'));
    await here.clock.advance(600);
    await runtime.stop();
    await here.clock.advance(minute);
    const { tried } = play(here);
    await until(() => reasons(here).length === 1);
    expect(tried).toEqual([]);
    expect(reasons(here)).toEqual(['not done by 2026-11-21T12:00:01.200Z']);
  });

  it('counts a result that cannot be stored as a failed try', async () => {
    const here = world();
    const { tried } = play(here, async () => 1n as unknown as string);
    await here.publish(order('print'));
    await here.clock.advance(minute);
    expect(tried).toHaveLength(3);
    expect(reasons(here)).toEqual([expect.stringContaining('BigInt')]);
  });

  it('never does again what was withdrawn, nor hears its answer', async () => {
    const here = world();
    const answer = Promise.withResolvers<string>();
    const deeds = [away, () => answer.promise];
    const { tried } = play(here, () => (deeds.shift() ?? away)());
    await here.publish(order('issue', 1), order('issue', 2));
    await until(() => tried.length === 2);
    await here.publish(eventOf('payment.refunded', 1), eventOf('payment.refunded', 2));
    await until(() => here.said('ticket').length === 2);
    answer.resolve('too late');
    await here.clock.advance(10 * minute);
    expect(tried).toHaveLength(2);
    expect(here.said('ticket')).toEqual(['ticket.revoked#1', 'ticket.revoked#1']);
    expect(here.happenings).toContain('withdrawn issue');
    expect(await filed(here)).toEqual([]);
  });

  it('holds no timer for what was withdrawn or answered', async () => {
    const here = world();
    play(here);
    await quiet();
    const before = here.clock.waiting();
    await here.publish(order('issue 50000'));
    await until(() => here.clock.waiting().length === before.length + 1);
    await here.publish(eventOf('payment.refunded', 1));
    await until(() => here.clock.waiting().length === before.length);
  });

  it('answers once when two instances do the same', async () => {
    const here = world();
    const held = Promise.withResolvers<void>();
    const both = ['one', 'other'].map((result) =>
      play(here, () => held.promise.then(() => result)),
    );
    await until(() => here.logData.members.size === 2);
    await quiet();
    const [owner, other] = [...here.logData.members.keys()].sort(
      (a, b) => b.partitions().length - a.partitions().length,
    );
    expect(owner?.partitions()).toEqual([0]);
    here.logData.alsoAssign(0, other!);
    await quiet();
    await here.publish(...Array.from({ length: 20 }, (_, n) => order('issue', n)));
    await here.clock.advance(0);
    await until(() => both.every(({ tried }) => tried.length === 20));
    held.resolve();
    await here.clock.advance(minute);
    const ids = new Set(here.records('ticket').map(({ headers }) => headers['ce_id']));
    expect(ids.size).toBe(20);
    expect(await filed(here)).toEqual([]);
  });

  it('gets done all of more than 2,000 to-dos that are due at once', async () => {
    const here = world();
    const { runtime } = play(here);
    await here.publish(...Array.from({ length: 2_600 }, (_, n) => order('issue 3600000', n)));
    await until(() => here.storeData.toDos.size === 2_600);
    await runtime.stop();
    await here.clock.advance(60 * minute);
    const { tried } = play(here);
    for (let turns = 0; turns < 200 && reasons(here).length < 2_600; turns += 1) {
      await here.clock.advance(0);
    }
    expect(new Set(tried).size).toBe(2_600);
    expect(here.clock.now()).toBe(noon + 60 * minute);
  });

  it('is not held up by many that are parked in front', async () => {
    const here = world();
    const { tried } = play(here);
    const parked = Array.from({ length: 700 }, (_, n) => n);
    await here.publish(
      ...parked.map((n) => eventOf('payment.declined', n)),
      ...parked.map((n) => order('issue', n)),
    );
    await until(() => here.happenings.filter((each) => each.startsWith('parked')).length === 700);
    await here.publish(order('issue 600000', 5_000));
    await until(() => here.storeData.toDos.size === 701);
    await here.clock.advance(10 * minute);
    expect(tried).toContain('issue 5000@600000');
  });

  it('does not wait with its effects for a reminder that waits to be heard', async () => {
    const here = world();
    const held = Promise.withResolvers<void>();
    const ends = async (topics: readonly string[]) => {
      await held.promise;
      return here.log.ends(topics);
    };
    const options = { effectsAtOnce: 1 };
    const { tried } = play(here, undefined, { log: { ...here.log, ends } }, options);
    await here.publish(order('chase', 1));
    await until(() => here.storeData.toDos.size === 1);
    await here.publish(order('issue', 2));
    await until(() => tried.length === 1);
    expect(reasons(here)).not.toContain('chased');
    held.resolve();
    await until(() => reasons(here).includes('chased'));
  });

  it('does so many effects at once and no more', async () => {
    const here = world();
    const ends: (() => void)[] = [];
    const deed = () => new Promise<string>((resolve) => ends.push(() => resolve('done')));
    const { tried } = play(here, deed, {}, { effectsAtOnce: 3 });
    await here.publish(...Array.from({ length: 7 }, (_, n) => order('issue', n)));
    await until(() => tried.length === 3);
    await quiet();
    expect(tried).toHaveLength(3);
    for (let done = 0; done < 7; done += 1) {
      await until(() => ends.length > done);
      ends[done]?.();
    }
    await until(() => reasons(here).length === 7);
  });

  it('reminds once everything that stood in the partition before it was heard', async () => {
    const here = world();
    const held = Promise.withResolvers<void>();
    const slow = eventOf('payment.refunded', 2);
    const append: Store['append'] = async (run) => {
      if (run.some(({ cause }) => cause === slow.id)) await held.promise;
      return here.store.append(run);
    };
    play(here, undefined, { store: { ...here.store, append } });
    await here.publish(order('chase 1000'));
    await until(() => here.storeData.toDos.size === 1);
    await here.publish(slow);
    await here.clock.advance(5_000);
    expect(here.said('ticket')).toEqual([]);
    held.resolve();
    await until(() => here.said('ticket').length === 2);
    expect(here.said('ticket')).toEqual(['ticket.revoked#1', 'ticket.delayed#1']);
  });

  it('reminds whatever is parked of other streams', async () => {
    const here = world();
    play(here);
    await here.publish(eventOf('payment.declined', 2), order('issue', 2), order('chase 1000'));
    await until(() => here.happenings.some((each) => each.startsWith('parked')));
    await here.clock.advance(1_000);
    expect(reasons(here)).toEqual(['chased']);
  });

  it('does not repeat what was answered when taking it off the file was lost', async () => {
    const here = world();
    const store: Store = { ...here.store, unfile: away };
    const first = play(here, undefined, { store });
    await here.publish(order('issue'));
    await until(() => reasons(here).length === 1);
    await first.runtime.stop();
    expect(await filed(here)).toHaveLength(1);
    const { tried } = play(here);
    await until(() => here.storeData.toDos.size === 0);
    expect(tried).toEqual([]);
  });

  it('publishes what an answer led to when a crash came before that', async () => {
    const here = world();
    const log = { ...here.log };
    const first = play(here, undefined, { log });
    await until(() => first.runtime.status().waitsFor.length === 0);
    log.append = never;
    await here.publish(order('issue'));
    await until(() => here.storeData.commits.get(bookingOf(1).bookingId)?.length === 2);
    void first.runtime.stop({ drainMs: 0 });
    const { tried } = play(here);
    await until(() => reasons(here).length === 1);
    expect([tried, reasons(here)]).toEqual([[], ['done']]);
  });

  it('keeps to the tries on file when the input that named a to-do is delivered again', async () => {
    const here = world();
    const { tried, runtime } = play(here, away);
    const input = order('stamp');
    await here.publish(input);
    await until(async () => (await filed(here))[0]?.tries === 1);
    await runtime.stop();
    here.logData.progress.commit('ticket', 'payment', 0, 0);
    const again = play(here, away);
    await until(() => here.happenings.includes('repeated payment.received'));
    await here.clock.advance(99_000);
    expect([tried, again.tried]).toEqual([['stamp 0@0'], []]);
    await here.clock.advance(10 * minute);
    expect(again.tried).toEqual(['stamp 0@100000', 'stamp 0@200000']);
    expect(reasons(here)).toEqual(['away']);
  });

  it('begins nothing after a stop, and leaves no timer behind', async () => {
    const here = world();
    let held = 0;
    const store: Store = {
      ...here.store,
      due: async (options) => {
        held += 1;
        await quiet(5);
        return here.store.due(options);
      },
    };
    const { runtime, tried } = play(here, undefined, { store });
    await here.publish(order('issue 10000'));
    await until(() => here.storeData.toDos.size === 1);
    await here.clock.advance(8_000);
    const looked = held;
    await runtime.stop();
    await quiet();
    expect(here.clock.waiting()).toEqual([]);
    await here.clock.advance(10 * minute);
    expect([tried, held]).toEqual([[], looked]);
  });

  it('ends quietly when it is stopped while the store is away', async () => {
    const here = world();
    const store = { ...here.store };
    const { runtime } = play(here, undefined, { store });
    await until(() => runtime.status().waitsFor.length === 0);
    store.due = away;
    await here.clock.advance(30_000);
    expect(runtime.status().waitsFor).toEqual(['store: away']);
    await runtime.stop();
    await here.clock.advance(10_000);
    expect(here.clock.waiting()).toEqual([]);
  });
});
