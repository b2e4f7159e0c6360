import { afterEach, describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@ensemble/contracts';
import type { Log } from '@ensemble/log';
import type { Store } from '@ensemble/store';
import { declare, flowTopic } from './flow.ts';
import type { Ports } from './ports.ts';
import { type Running, type RuntimeOptions, start } from './runtime.ts';
import { reaction, reminder, say, service, toDo } from './service.ts';
import {
  bookingOf,
  eventOf,
  noon,
  placeOnly,
  quiet,
  recordOf,
  until,
  type World,
  world,
} from './spec-kit.ts';

const issue = toDo('issue')<null, string>({ firstMs: 1_000, maxMs: 8_000 });

/** Says each receipt again; issues a ticket where it says so. */
const ticket = service(
  'ticket',
  { stream: 'booking', version: 4, initial: bookingOf(0), does: [issue] },
  {
    evolve: { 'payment.received': (_place, { data }) => placeOnly(data) },
    on: {
      'payment.received': reaction(
        ['ticket.delayed'],
        (_place, { data }) => [
          say('ticket.delayed', { ...placeOnly(data), reason: data.receipt }),
          ...(data.receipt === 'issue' ? [issue(null)] : []),
        ],
        { withinMs: 2_000 },
      ),
    },
    came: {
      issue: reaction(['ticket.delayed'], (place, came) => [
        say('ticket.delayed', { ...place, reason: came.ok ? came.result : came.reason }),
      ]),
    },
    commands: {
      ask: reaction(['ticket.delayed'], (_place, { data }: { data: { reason: string } }) => [
        say('ticket.delayed', { ...bookingOf(1), reason: data.reason }),
      ]),
    },
  },
);

const paid = (booking: number, receipt = `r${booking}`): AnyEvent =>
  eventOf('payment.received', booking, { receipt });

const running: Running[] = [];
afterEach(() => {
  for (const each of running.splice(0)) void each.stop({ drainMs: 0 });
});

const play = (
  here: World,
  instead: Partial<Ports> = {},
  {
    deed = async () => 'issued',
    ...options
  }: RuntimeOptions & { deed?: () => Promise<string> } = {},
) => {
  const runtime = start(ticket, here.ports(instead), { issue: deed }, options);
  running.push(runtime as unknown as Running);
  return runtime;
};

const reasons = (here: World): string[] =>
  here.records('ticket').map(({ value }) => JSON.parse(String(value)).reason as string);
const committed = (here: World): number => here.logData.progress.committed('ticket', 'payment', 0);
const away = (): Promise<never> => Promise.reject(new Error('it is away'));
/** A port of which every call waits until it is let go. */
const held = <Port extends object>(port: Port): { port: Port; letGo: () => void } => {
  const open = Promise.withResolvers<void>();
  const waiting = (call: unknown) =>
    typeof call === 'function'
      ? async (...args: unknown[]) => {
          await open.promise;
          return call(...args) as unknown;
        }
      : call;
  const entries = Object.entries(port).map(([name, call]) => [name, waiting(call)]);
  return { port: Object.fromEntries(entries) as Port, letGo: () => open.resolve() };
};

describe('a runtime', () => {
  it('waits at its start for a log that is away, says so, and then goes on', async () => {
    const here = world();
    const log: Log = { ...here.log, declare: away };
    const runtime = play(here, { log });
    await until(() => runtime.status().waitsFor.length === 2);
    expect(runtime.status().waitsFor).toEqual([
      'log: it is away',
      'the log to give it its partitions',
    ]);
    log.declare = (topics) => here.log.declare(topics);
    await here.clock.advance(5_000);
    expect(runtime.status()).toEqual({
      waitsFor: [],
      partitions: [0],
      parked: { streams: 0, inputs: 0, oldest: null },
    });
  });

  it('waits at its start for a store that is away, says so, and then goes on', async () => {
    const here = world();
    const store: Store = { ...here.store, parked: away };
    const runtime = play(here, { store });
    await until(() => runtime.status().waitsFor.length === 2);
    expect(runtime.status().waitsFor).toEqual([
      'store: it is away',
      'the log to give it its partitions',
    ]);
    store.parked = (partition) => here.store.parked(partition);
    await here.clock.advance(5_000);
    expect(runtime.status().waitsFor).toEqual([]);
  });

  it('lets streams go for which it has no room, and takes them up from their snapshots', async () => {
    const here = world();
    const asked: string[] = [];
    const store: Store = {
      ...here.store,
      snapshot: async (stream, table) => {
        const found = await here.store.snapshot(stream, table);
        asked.push(`${stream} ${found?.version}`);
        return found;
      },
    };
    play(here, { store }, { lanesAtMost: 1, commitsPerSnapshot: 1 });
    for (const [index, booking] of [1, 2, 1].entries()) {
      await here.publish(paid(booking, `receipt ${index}`));
      await until(() => reasons(here).length === index + 1);
    }
    const [first, second] = [bookingOf(1), bookingOf(2)].map(({ bookingId }) => bookingId);
    const gone = here.happenings.filter((each) => each.startsWith('let-go'));
    expect(gone).toEqual([`let-go ${first}`, `let-go ${second}`]);
    expect(asked).toEqual([`${first} 1`]);
    const commits = await here.store.load(first!, 0);
    expect(commits.map(({ version }) => version)).toEqual([1, 2]);
  });

  it('is not ready as long as one call fails, whatever else succeeds', async () => {
    const here = world({ partitions: 2 });
    const store: Store = { ...here.store, append: away };
    const runtime = play(here, { store });
    await here.publish(paid(1));
    await until(() => here.happenings.includes('unavailable store'));
    await here.clock.advance(120_000);
    expect(runtime.status().waitsFor).toEqual(['store: it is away']);
    expect(here.happenings.filter((each) => /parked|dead|decided/.test(each))).toEqual([]);
    store.append = (run) => here.store.append(run);
    await here.clock.advance(5_000);
    expect(runtime.status().waitsFor).toEqual([]);
    expect(reasons(here)).toEqual(['r1']);
  });

  it('hears the whole history, whenever it joins', async () => {
    const here = world({ partitions: 3 });
    const all = Array.from({ length: 20 }, (_, n) => n);
    await here.publish(...all.map((n) => paid(n)));
    play(here);
    await until(() => reasons(here).length === 20);
    expect(reasons(here).sort()).toEqual(all.map((n) => `r${n}`).sort());
  });

  it('commits the contiguous prefix of what is done, and no more', async () => {
    const here = world();
    const slow = Promise.withResolvers<void>();
    const append: Store['append'] = async (run) => {
      if (run.some(({ stream }) => stream === bookingOf(2).bookingId)) await slow.promise;
      return here.store.append(run);
    };
    play(here, { store: { ...here.store, append } });
    await here.publish(paid(0), paid(1), paid(2), paid(3), paid(4));
    await until(() => reasons(here).length === 4);
    await quiet();
    expect(committed(here)).toBe(2);
    slow.resolve();
    await until(() => committed(here) === 5);
  });

  it('has as many records in flight as its window, and no more', async () => {
    const here = world();
    const seen = new Set<string>();
    const slow = Promise.withResolvers<void>();
    const append: Store['append'] = async (run) => {
      for (const { cause } of run) seen.add(cause);
      await slow.promise;
      return here.store.append(run);
    };
    play(here, { store: { ...here.store, append } }, { window: 7 });
    await here.publish(...Array.from({ length: 50 }, (_, n) => paid(n)));
    await until(() => seen.size === 7);
    await quiet();
    expect(seen.size).toBe(7);
    slow.resolve();
    await until(() => committed(here) === 50);
  });

  it('handles the streams of a partition side by side, and each in order', async () => {
    const here = world();
    play(here);
    const story = Array.from({ length: 30 }, (_, n) => paid(n % 3, `${n % 3} ${n}`));
    await here.publish(...story);
    await until(() => reasons(here).length === 30);
    for (const booking of ['0', '1', '2']) {
      const own = reasons(here).filter((reason) => reason.startsWith(booking));
      expect(own).toEqual([...own].sort((a, b) => Number(a.slice(2)) - Number(b.slice(2))));
    }
  });

  it('settles a request once, and a repeat with the commit of the first', async () => {
    const here = world();
    const runtime = play(here);
    const { bookingId: stream } = bookingOf(1);
    const request = {
      name: 'ask',
      id: 'one',
      stream,
      key: 'hamlet/stalls',
      data: { reason: 'asked' },
      fingerprint: 'f',
    } as const;
    const [first, again] = await Promise.all([runtime.submit(request), runtime.submit(request)]);
    expect([first.how, again.how]).toEqual(['decided', 'repeated']);
    expect(again.commit).toEqual(first.commit);
    expect(new Set(here.said('ticket')).size).toBe(1);
  });

  it('remembers a stream as it stands in the store', async () => {
    const here = world();
    const runtime = play(here);
    await here.publish(paid(7));
    await until(() => reasons(here).length === 1);
    expect(await runtime.recall(bookingOf(7).bookingId)).toEqual(bookingOf(7));
  });

  it('puts its table on the topic flow, under its name', async () => {
    const here = world();
    play(here);
    play(here);
    await until(() => here.logData.members.size === 2);
    const [record, ...others] = here.records(flowTopic);
    expect(others).toEqual([]);
    expect(record?.key).toBe('ticket');
    expect(JSON.parse(String(record?.value))).toEqual(declare(ticket));
  });

  it('drains what is in flight before it ends', async () => {
    const here = world();
    const { port: store, letGo } = held(here.store);
    const runtime = play(here, { store: { ...here.store, append: store.append } });
    await here.publish(paid(1), paid(2));
    await until(() => runtime.status().waitsFor.length === 0);
    await quiet();
    const stopping = runtime.stop();
    letGo();
    await stopping;
    expect(reasons(here)).toEqual(['r1', 'r2']);
    expect(committed(here)).toBe(2);
  });

  it('lets an effect end before it ends, and hears its result', async () => {
    const here = world();
    const done = Promise.withResolvers<string>();
    const runtime = play(here, {}, { deed: () => done.promise });
    await here.publish(paid(1, 'issue'));
    await until(() => here.happenings.includes('tried issue'));
    const stopping = runtime.stop();
    done.resolve('issued');
    await stopping;
    expect(reasons(here)).toEqual(['issue', 'issued']);
  });

  it('ends within the time it is given, and does nothing afterwards', async () => {
    const here = world();
    const { port: log, letGo } = held({ append: here.log.append.bind(here.log) });
    let begun = 0;
    const counting = <Port extends object>(port: Port): Port =>
      Object.fromEntries(
        Object.entries(port).map(([name, call]) => [
          name,
          typeof call === 'function'
            ? (...args: unknown[]) => ((begun += 1), call(...args) as unknown)
            : call,
        ]),
      ) as Port;
    const appending = { append: here.log.append.bind(here.log) };
    const ports = {
      log: counting({
        ...here.log,
        append: (records: Parameters<Log['append']>[0]) => appending.append(records),
      }),
      store: counting(here.store),
    };
    const runtime = play(here, ports, { deed: () => new Promise(() => {}) });
    await here.publish(paid(1, 'issue'));
    await until(() => reasons(here).length === 1);
    appending.append = log.append;
    await here.publish(paid(2), paid(3));
    await quiet();

    let ended = 0;
    const stopping = runtime.stop({ drainMs: 3_000 }).then(() => (ended = here.clock.now()));
    await here.clock.advance(10_000);
    await stopping;
    expect(ended).toBe(noon + 3_000);
    const before = begun;
    letGo();
    await here.clock.advance(60_000);
    expect(begun).toBe(before);
    expect(here.clock.waiting()).toEqual([]);
  });

  it('ends also while the log is still away, and begins nothing when it comes back', async () => {
    const here = world();
    const log: Log = { ...here.log, declare: away };
    const runtime = play(here, { log });
    await until(() => here.happenings.length > 0);
    const stopping = runtime.stop({ drainMs: 1_000 });
    log.declare = (topics) => here.log.declare(topics);
    await here.clock.advance(60_000);
    await stopping;
    expect(here.logData.members.size).toBe(0);
    expect(here.clock.waiting()).toEqual([]);
  });

  it('reminds also when the last offsets of the log hold no record', async () => {
    const here = world();
    const chase = reminder('chase');
    const late = service(
      'ticket',
      { stream: 'booking', version: 1, initial: bookingOf(1), does: [chase] },
      {
        evolve: {},
        on: { 'payment.received': reaction([], () => [chase(null, { at: noon + 1_000 })]) },
        came: {
          chase: reaction(['ticket.delayed'], (at) => [
            say('ticket.delayed', { ...at, reason: 'late' }),
          ]),
        },
      },
    );
    running.push(start(late, here.ports(), {}) as unknown as Running);
    await here.publish(paid(1));
    await until(() => here.happenings.includes('decided payment.received'));
    const topic = here.logData.topics.get('payment');
    if (topic !== undefined) topic.ends[0] = 2;
    here.logData.delivery.wake([{ topic: 'payment', partition: 0 }]);
    await here.clock.advance(2_000);
    expect(reasons(here)).toEqual(['late']);
  });

  it('hands its partitions to another when it ends, and nothing is decided twice', async () => {
    const here = world({ partitions: 4 });
    const story = Array.from({ length: 40 }, (_, n) => recordOf(paid(n, 'issue')));
    const first = play(here);
    play(here);
    await here.publish(paid(40, 'issue'));
    await here.log.append(story.slice(0, 20));
    await first.stop();
    await here.log.append(story.slice(20));
    await until(
      () => new Set(here.records('ticket').map((each) => each.headers['ce_id'])).size === 82,
    );
    await here.clock.advance(60_000);
    const ids = here.records('ticket').map(({ headers }) => headers['ce_id']);
    expect(new Set(ids).size).toBe(82);
    for (const [, commits] of here.storeData.commits) expect(commits).toHaveLength(2);
  });
});
