import { describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@ensemble/contracts';
import type { Log, NewRecord } from '@ensemble/log';
import { type Commit, type FiledToDo, type Store, StoreUnavailable } from '@ensemble/store';
import { decide } from './decide.ts';
import { emptyFold, snapshotOf } from './fold.ts';
import type { Answered, Asked } from './input.ts';
import { lane as laneOf, type LaneHooks, Undecidable } from './lane.ts';
import { persistence, type Ports } from './ports.ts';
import { reaction, reminder, say, service, toDo, withdraw } from './service.ts';
import {
  bookingOf,
  eventOf,
  heardAt,
  noon,
  placeOnly,
  quiet,
  until,
  type World,
  world,
} from './spec-kit.ts';

const issue = toDo('issue')<null, string>({ firstMs: 1_000, maxMs: 9_000 });
const chase = reminder('chase');
/** Receipts that cannot be decided on. */
const poison = new Set<string>();

/** Says for each receipt what it has heard so far, and has a ticket issued unless it is withdrawn. */
const ticket = service(
  'ticket',
  { stream: 'booking', version: 1, initial: [] as readonly string[], does: [issue, chase] },
  {
    evolve: { 'payment.received': (heard, { data }) => [...heard, data.receipt] },
    on: {
      'payment.received': reaction(['ticket.delayed'], (heard, { data }) => {
        if (poison.has(data.receipt)) throw new Error(`cannot digest ${data.receipt}`);
        const reason = heard.slice(-9).join();
        return [say('ticket.delayed', { ...placeOnly(data), reason }), issue(null)];
      }),
      'payment.refunded': reaction([], () => [withdraw(issue)]),
    },
    came: {
      issue: reaction(['ticket.delayed'], (_heard, came) => [
        say('ticket.delayed', { ...bookingOf(1), reason: came.ok ? came.result : came.reason }),
      ]),
      chase: reaction([], () => []),
    },
    commands: {
      ask: reaction(['ticket.delayed'], (_heard, { data }: { data: { reason: string } }) => [
        say('ticket.delayed', { ...bookingOf(1), reason: data.reason }),
      ]),
    },
  },
);

const { bookingId: stream } = bookingOf(1);
const paid = (receipt: string): AnyEvent => eventOf('payment.received', 1, { receipt });
const heard = (offset: number, receipt = `r${offset}`) => heardAt(offset, paid(receipt));
const answered = (id: string, result = 'here'): Answered => ({
  kind: 'came',
  id,
  name: 'issue',
  came: { id, args: null, time: noon, ok: true, result },
});
const asked = (id: string, reason: string): Asked => ({
  kind: 'command',
  id,
  name: 'ask',
  data: { reason },
  fingerprint: reason,
  time: noon,
});

const unheard: LaneHooks = {
  filed: () => undefined,
  filedAgain: () => undefined,
  closed: () => undefined,
};
const openLane = (ports: Ports, hooks: LaneHooks = unheard) =>
  laneOf(ticket, { stream, partition: 0 }, ports, persistence('ticket', ports), hooks);

/** A world with the topic declared, and lanes of the one stream in it. */
const stage = async () => {
  const here = world();
  await here.log.declare([{ name: 'ticket' }]);
  const { store } = here;
  return {
    ...here,
    lane: (instead: Partial<Ports> = {}, hooks?: LaneHooks) => openLane(here.ports(instead), hooks),
    commits: () => store.load(stream, 0),
    filed: () => store.due({ partition: 0, before: Infinity, limit: 1e6 }),
    reasons: (): string[] =>
      here.records('ticket').map(({ value }) => JSON.parse(String(value)).reason as string),
  };
};

/** Passes the first `calls` of something on, and loses their answers. */
const answerLost = <Args extends unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
  calls = 1,
) => {
  let left = calls;
  return async (...args: Args): Promise<Result> => {
    const result = await call(...args);
    if ((left -= 1) >= 0) throw new StoreUnavailable('the answer was lost');
    return result;
  };
};

/** As if the process died when the store had the commits, and their to-dos were not on file yet. */
const diesBeforeFiling =
  (store: Store): Store['append'] =>
  async (run) => {
    await store.append(run);
    await store.unfile(run.flatMap(({ does }) => does.map(({ id }) => id)));
    return dies();
  };

/** As if the process died at a call: it is not made, and nothing comes after it. */
const dies = (): Promise<never> => new Promise(() => {});

/** Settles, and moves the clock on while it waits to try something again. */
const whileTrying = async <Result>({ clock }: World, task: Promise<Result>): Promise<Result> => {
  let over = false;
  void task.finally(() => (over = true)).catch(() => undefined);
  await until(async () => {
    await clock.advance(5_000);
    return over;
  });
  return task;
};

const byVersion = (commits: readonly Commit[]): string[] =>
  commits.map(({ version, heard: input }) => {
    const event = (input as { event?: { data: { receipt: string } } } | null)?.event;
    return `${version} ${event?.data.receipt ?? 'came'}`;
  });

describe('a lane', () => {
  it('stores a commit, publishes what it says, files what it does, and then settles', async () => {
    const { lane, commits, reasons, filed } = await stage();
    const settled = await lane().settle(heard(0));
    expect(settled.how).toBe('decided');
    expect(await commits()).toEqual([settled.commit]);
    expect(reasons()).toEqual(['r0']);
    expect(await filed()).toEqual([{ ...settled.commit?.does[0], stream, partition: 0, tries: 0 }]);
  });

  it('reads nothing of a stream that is new: its first insert proves it', async () => {
    const { lane, reasons, ports } = await stage();
    const { store } = ports();
    const read: string[] = [];
    const told = <Name extends 'load' | 'snapshot' | 'find'>(name: Name): Store[Name] =>
      ((...args: readonly [string, never]) => {
        read.push(name);
        return (store[name] as (...given: typeof args) => Promise<never>)(...args);
      }) as Store[Name];
    const first = lane({
      store: { ...store, load: told('load'), snapshot: told('snapshot'), find: told('find') },
    });
    await Promise.all([first.settle(heard(0)), first.settle(heard(1))]);
    expect(reasons()).toEqual(['r0', 'r0,r1']);
    expect(read).toEqual([]);
  });

  it('learns by its first insert that a stream is not new, and decides on what it reads', async () => {
    const { lane, commits, reasons, happenings } = await stage();
    await lane().settle(heard(0));
    const later = lane();
    const settled = await Promise.all([later.settle(heard(0)), later.settle(heard(1))]);
    expect(settled.map(({ how }) => how)).toEqual(['repeated', 'decided']);
    expect(byVersion(await commits())).toEqual(['1 r0', '2 r1']);
    expect(reasons()).toEqual(['r0', 'r0', 'r0,r1']);
    expect(happenings.filter((each) => each.startsWith('conflict'))).toEqual([]);
  });

  it('decides one after another what comes at once, and stores and publishes it together', async () => {
    const here = await stage();
    const runs: number[] = [];
    const produced: number[] = [];
    const store: Store = {
      ...here.store,
      append: (run) => (runs.push(run.length), here.store.append(run)),
    };
    const log: Log = {
      ...here.log,
      append: (records) => (produced.push(records.length), here.log.append(records)),
    };
    const lane = here.lane({ store, log });
    await Promise.all([0, 1, 2, 3].map((offset) => lane.settle(heard(offset))));
    expect([runs, produced]).toEqual([[4], [4]]);
    expect(here.reasons()).toEqual(['r0', 'r0,r1', 'r0,r1,r2', 'r0,r1,r2,r3']);
  });

  it('repeats the bytes of a redelivery and decides nothing', async () => {
    const here = await stage();
    await here.lane().settle(heard(0));
    const [first] = here.records('ticket');
    await here.clock.advance(1_000);
    const again = await here.lane().settle(heard(0));
    expect(again.how).toBe('repeated');
    expect(await here.commits()).toHaveLength(1);
    const [, second] = here.records('ticket');
    expect(second).toEqual({ ...first, offset: 1, timestamp: noon + 1_000 });
  });

  it('files again at a redelivery what is open, except what is among the dead letters', async () => {
    const here = await stage();
    const { commit } = await here.lane().settle(heard(0));
    const ids = commit?.does.map(({ id }) => id) ?? [];
    await here.store.unfile(ids);
    await here.lane().settle(heard(0));
    expect((await here.filed()).map(({ id }) => id)).toEqual(ids);
    await here.store.unfile(ids);
    await here.store.once(`dead:${ids[0]}`, '1');
    expect((await here.lane().settle(heard(0))).how).toBe('repeated');
    expect(await here.filed()).toEqual([]);
  });

  it('publishes nothing for a redelivery that a later commit knows to be published', async () => {
    const here = await stage();
    const lane = here.lane();
    await lane.settle(heard(0));
    await lane.settle(heard(1));
    expect((await here.lane().settle(heard(0))).how).toBe('repeated');
    expect(here.reasons()).toEqual(['r0', 'r0,r1']);
  });

  it('acknowledges a copy at another position and repeats nothing', async () => {
    const here = await stage();
    await here.lane().settle(heard(0, 'same'));
    expect((await here.lane().settle(heard(7, 'same'))).how).toBe('copied');
    expect(here.reasons()).toEqual(['same']);
    expect(await here.commits()).toHaveLength(1);
  });

  it('goes on after a crash between store and log with what is stored, in order', async () => {
    const here = await stage();
    const dying = here.lane({ log: { ...here.log, append: dies } });
    void dying.settle(heard(0));
    void dying.settle(heard(1));
    await until(async () => (await here.commits()).length === 2);
    const lane = here.lane();
    const [third, first, second] = await Promise.all(
      [heard(2), heard(0), heard(1)].map((input) => lane.settle(input)),
    );
    expect([third?.how, first?.how, second?.how]).toEqual(['decided', 'repeated', 'repeated']);
    expect(here.reasons()).toEqual(['r0', 'r0,r1', 'r0,r1,r2']);
    expect((await here.filed()).map(({ name }) => name)).toEqual(['issue', 'issue', 'issue']);
  });

  it('files after a crash what the crash kept from being filed, unless it was withdrawn', async () => {
    const here = await stage();
    const dying = here.lane({ store: { ...here.store, append: diesBeforeFiling(here.store) } });
    void dying.settle(heard(0));
    await until(async () => (await here.commits()).length === 1);
    expect(await here.filed()).toEqual([]);
    await here.lane().settle(heard(0));
    expect(await here.filed()).toHaveLength(1);

    const refunded = heardAt(1, eventOf('payment.refunded', 1));
    await here.lane().settle(refunded);
    await until(async () => (await here.filed()).length === 0);
    await here.lane().settle(heard(0));
    expect(await here.filed()).toEqual([]);
  });

  it('decides once when the answer to its append is lost', async () => {
    const here = await stage();
    const append = answerLost((run: readonly Commit[]) => here.store.append(run));
    const lane = here.lane({ store: { ...here.store, append } });
    const run = [0, 1, 2].map((offset) => lane.settle(heard(offset)));
    const settled = await whileTrying(here, Promise.all(run));
    expect(settled.map(({ how }) => how)).toEqual(['repeated', 'repeated', 'repeated']);
    expect(byVersion(await here.commits())).toEqual(['1 r0', '2 r1', '3 r2']);
    expect(here.reasons()).toEqual(['r0', 'r0,r1', 'r0,r1,r2']);
    expect(await here.filed()).toHaveLength(3);
  });

  it('publishes the same bytes again when the answer of the log is lost', async () => {
    const here = await stage();
    const append = answerLost((records: readonly NewRecord[]) => here.log.append(records));
    await whileTrying(here, here.lane({ log: { ...here.log, append } }).settle(heard(0)));
    const [first, second] = here.records('ticket');
    expect(second).toEqual({ ...first, offset: 1, timestamp: expect.any(Number) });
    expect(here.happenings).toEqual(['unavailable log', 'decided payment.received']);
  });

  it('files once when the answer to its filing is lost', async () => {
    const here = await stage();
    void here
      .lane({ store: { ...here.store, append: diesBeforeFiling(here.store) } })
      .settle(heard(0));
    await until(async () => (await here.commits()).length === 1);
    const file = answerLost((toDos: readonly FiledToDo[]) => here.store.file(toDos));
    await whileTrying(here, here.lane({ store: { ...here.store, file } }).settle(heard(0)));
    expect(await here.filed()).toHaveLength(1);
  });

  it('shares a stream with another: versions are contiguous, each input is decided once', async () => {
    const here = await stage();
    const lanes = [here.lane(), here.lane()];
    const inputs = Array.from({ length: 60 }, (_, offset) => heard(offset));
    const settling = inputs.flatMap((input, index) =>
      (index % 3 === 0 ? lanes : [lanes[index % 2]!]).map((lane) => lane.settle(input)),
    );
    const settled = await whileTrying(here, Promise.all(settling));
    const commits = await here.commits();
    expect(commits.map(({ version }) => version)).toEqual(inputs.map((_, index) => index + 1));
    expect(new Set(commits.map(({ cause }) => cause)).size).toBe(60);
    expect(settled.filter(({ how }) => how === 'decided')).toHaveLength(60);
    const firsts = [...new Set(here.records('ticket').map(({ headers }) => headers['ce_id']))];
    const inOrder = commits.flatMap(({ says }) => says.map(({ headers }) => headers['ce_id']));
    expect(firsts).toEqual(inOrder);
  });

  it('publishes what another stored and did not publish, before its own', async () => {
    const here = await stage();
    const lane = here.lane();
    await lane.settle(heard(0));
    void here.lane({ log: { ...here.log, append: dies } }).settle(heard(1));
    await until(async () => (await here.commits()).length === 2);
    await lane.settle(heard(2));
    expect(here.reasons()).toEqual(['r0', 'r0,r1', 'r0,r1,r2']);
  });

  it('decides a run with a duplicate in its middle, each input once and in order', async () => {
    const here = await stage();
    const lane = here.lane();
    const run = [heard(0), heard(1, 'twice'), heard(2), heard(3, 'twice'), heard(4)];
    const settled = await Promise.all(run.map((input) => lane.settle(input)));
    const hows = settled.map(({ how }) => how).join(' ');
    expect(hows).toBe('decided decided decided copied decided');
    expect(byVersion(await here.commits())).toEqual(['1 r0', '2 twice', '3 r2', '4 r4']);
    expect(here.reasons()).toHaveLength(4);
  });

  it('hears an answer, and takes the to-do off the schedule', async () => {
    const here = await stage();
    const lane = here.lane();
    const id = (await lane.settle(heard(0))).commit?.does[0]?.id ?? '';
    expect((await lane.settle(answered(id))).how).toBe('decided');
    expect(here.reasons()).toEqual(['r0', 'here']);
    await until(async () => (await here.filed()).length === 0);
  });

  it('drops the answer to a to-do that was withdrawn', async () => {
    const here = await stage();
    const lane = here.lane();
    const id = (await lane.settle(heard(0))).commit?.does[0]?.id ?? '';
    await lane.settle(heardAt(1, eventOf('payment.refunded', 1)));
    expect(await lane.settle(answered(id))).toEqual({ how: 'withdrawn' });
    expect(await here.commits()).toHaveLength(2);
    expect(await lane.open(id)).toBeUndefined();
  });

  it('drops it also when another withdrew it and its own fold is stale', async () => {
    const here = await stage();
    const stale = here.lane();
    const id = (await stale.settle(heard(0))).commit?.does[0]?.id ?? '';
    await here.lane().settle(heardAt(1, eventOf('payment.refunded', 1)));
    const [late, next] = await Promise.all([stale.settle(answered(id)), stale.settle(heard(2))]);
    expect([late.how, next.how]).toEqual(['withdrawn', 'decided']);
    expect((await here.commits()).map(({ cause }) => cause)).not.toContain(id);
  });

  it('knows a to-do that another one named, when the answer comes to it', async () => {
    const here = await stage();
    const stale = here.lane();
    await stale.settle(heard(0));
    const id = (await here.lane().settle(heard(1))).commit?.does[0]?.id ?? '';
    expect((await stale.settle(answered(id))).how).toBe('decided');
  });

  it('publishes what an answer led to before it says that the to-do is no longer open', async () => {
    const here = await stage();
    const id = (await here.lane().settle(heard(0))).commit?.does[0]?.id ?? '';
    void here.lane({ log: { ...here.log, append: dies } }).settle(answered(id));
    await until(async () => (await here.commits()).length === 2);
    expect(await here.lane().open(id)).toBeUndefined();
    expect(here.reasons()).toEqual(['r0', 'r0', 'here']);
    await until(async () => (await here.filed()).length === 0);
  });

  it('turns away in order, until it is unblocked, what stands behind a failed decision', async () => {
    const here = await stage();
    const lane = here.lane();
    poison.add('bad');
    const rejected: unknown[] = [];
    const inputs = [heard(0), heard(1, 'bad'), heard(2), heard(3)];
    const settling = inputs.map((input, offset) =>
      lane.settle(input).catch((error: unknown) => rejected.push(offset, error)),
    );
    await Promise.all(settling);
    const error = expect.any(Undecidable);
    await expect(lane.settle(heard(4))).rejects.toThrow('cannot digest bad');
    expect(rejected).toEqual([1, error, 2, error, 3, error]);
    expect(byVersion(await here.commits())).toEqual(['1 r0']);
    expect(lane.isIdle()).toBe(false);

    poison.clear();
    lane.unblock();
    expect((await lane.settle(inputs[1]!)).how).toBe('decided');
  });

  it('lets a request that cannot be decided fail alone', async () => {
    const here = await stage();
    const lane = here.lane();
    const [before, bad, after] = await Promise.allSettled([
      lane.settle(asked('one', 'well')),
      lane.settle(asked('two', '')),
      lane.settle(asked('three', 'too')),
    ]);
    const statuses = [before, bad, after].map(({ status }) => status).join(' ');
    expect(statuses).toBe('fulfilled rejected fulfilled');
    expect((await lane.settle(asked('four', 'still'))).how).toBe('decided');
    expect(here.reasons()).toEqual(['well', 'too', 'still']);
    await until(() => lane.isIdle());
  });

  it('answers a repeated request with the commit of the first', async () => {
    const here = await stage();
    const first = await here.lane().settle(asked('one', 'well'));
    const again = await here.lane().settle(asked('one', 'otherwise'));
    expect(again).toEqual({ how: 'repeated', commit: first.commit });
    expect(first.commit?.heard).toEqual({ command: 'ask', fingerprint: 'well' });
  });

  it('answers what it has answered before from memory', async () => {
    const here = await stage();
    const asking = { calls: 0 };
    const store = new Proxy(here.store, {
      get: (target, name: keyof Store) => {
        asking.calls += 1;
        return target[name];
      },
    });
    const lane = here.lane({ store });
    const first = await lane.settle(asked('one', 'well'));
    asking.calls = 0;
    const again = await lane.settle(asked('one', 'otherwise'));
    expect(again).toEqual({ how: 'repeated', commit: first.commit });
    expect(asking.calls).toBe(0);
    expect(here.reasons()).toEqual(['well']);

    for (let n = 0; n < 16; n += 1) await lane.settle(asked(`more ${n}`, 'well'));
    asking.calls = 0;
    expect((await lane.settle(asked('one', 'well'))).how).toBe('repeated');
    expect(asking.calls).toBeGreaterThan(0);
  });

  it('turns an input away, and does not blame the store, when its own fold fails', async () => {
    const here = await stage();
    await here.lane().settle(heard(0));
    const ports = here.ports();
    const brokenTable = {
      ...ticket,
      evolve: new Map([['payment.received', () => JSON.parse('{')]]),
    };
    const trouble = persistence('ticket', ports);
    const lane = laneOf(brokenTable, { stream, partition: 0 }, ports, trouble, unheard);
    await expect(lane.settle(heard(1))).rejects.toBeInstanceOf(Undecidable);
    expect(here.happenings).not.toContain('unavailable store');
    expect(trouble.troubles.size).toBe(0);
  });

  it('decides anew when a decision failed on a fold that was stale', async () => {
    const here = await stage();
    const wary = service(
      'ticket',
      { stream: 'booking', version: 2, initial: 0 },
      {
        evolve: { 'booking.requested': (count) => count + 1 },
        on: {
          'payment.received': reaction([], (count) => {
            if (count === 0) throw new Error('paid before it was requested');
            return [];
          }),
        },
      },
    );
    const open = () => {
      const ports = here.ports();
      const trouble = persistence('ticket', ports);
      return laneOf(wary, { stream, partition: 0 }, ports, trouble, unheard);
    };
    const stale = open();
    await stale.settle(heardAt(0, eventOf('booking.withdrawn', 1)));
    await open().settle(heardAt(0, eventOf('booking.requested', 1)));
    expect((await stale.settle(heard(0))).how).toBe('decided');
  });

  it('loads a stream of 100,000 commits from one snapshot and at most 500 of them', async () => {
    const here = await stage();
    const state = { at: noon, settled: 0 };
    const { commit } = decide(ticket, { stream, partition: 0 }, emptyFold(ticket), heard(0), state);
    const history = Array.from({ length: 100_000 }, (_, index) => ({
      ...commit,
      version: index + 1,
      cause: `cause ${index}`,
      heard: null,
      says: [],
      does: [],
      settled: index,
    }));
    await here.store.append(history);
    const fold = { ...emptyFold(ticket), version: 99_900, sequences: { ticket: 99_900 } };
    await here.store.saveSnapshot(snapshotOf(ticket, stream, fold));

    let most = 0;
    let snapshots = 0;
    const store: Store = {
      ...here.store,
      load: async (...args) => {
        const commits = await here.store.load(...args);
        most = Math.max(most, commits.length);
        return commits;
      },
      snapshot: (...args) => ((snapshots += 1), here.store.snapshot(...args)),
    };
    const lane = here.lane();
    const runs = [100, 256, 256, 37, 256, 256, 199, 256, 256];
    let offset = 1;
    for (const length of runs) {
      const run = Array.from({ length }, () => heard((offset += 1)));
      await Promise.all(run.map((input) => lane.settle(input)));
      await quiet(3);
      const { how, commit: last } = await here.lane({ store }).settle(heard(offset));
      expect([how, last?.version]).toEqual(['repeated', 100_000 + offset - 1]);
    }
    expect(most).toBeLessThanOrEqual(500);
    expect(snapshots).toBe(runs.length);
  });

  it('acts no more once the runtime has stopped, and settles nothing', async () => {
    const here = await stage();
    const ports = here.ports({
      log: { ...here.log, append: () => Promise.reject(new Error('away')) },
    });
    const trouble = persistence('ticket', ports);
    const lane = laneOf(ticket, { stream, partition: 0 }, ports, trouble, unheard);
    const settling = [lane.settle(heard(0)), lane.settle(heard(1))];
    await until(() => here.happenings.includes('unavailable log'));
    trouble.stop();
    for (const each of settling) await expect(each).rejects.toThrow('is stopping');
    await expect(lane.settle(heard(2))).rejects.toThrow('is stopping');
    expect(here.clock.waiting()).toEqual([]);
    expect(here.reasons()).toEqual([]);
  });
});
