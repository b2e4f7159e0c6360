import { LogUnavailable } from '@ensemble/log';
import {
  atLeast,
  contentOf,
  declared,
  gathering,
  member,
  reader,
  record,
  texts,
  textsOf,
} from '@ensemble/log/conformance';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Behind, brokerBehindProxy, persist, type Trial, trial } from './kit.ts';

type Records = Parameters<typeof textsOf>[0];

describe('Kafka', () => {
  let behind: Behind;
  let bench: Trial;
  beforeAll(async () => void (behind = await brokerBehindProxy()));
  afterAll(() => behind.stop());
  beforeEach(() => void (bench = trial({ brokers: behind.cluster.brokers })));
  afterEach(() => bench.close());
  const broker = () => behind.cluster.nodes[0]!;

  it('may be absent at start: calls are rejected soon, and consumers join when it comes', async () => {
    await behind.proxy.refuse();
    const topic = bench.name('seat');
    const { joined, handled } = member(bench, { group: bench.name('seat'), topics: [topic] });
    const { read, caughtUp } = reader(bench, { topics: 'all', from: 'start' });
    const happened = gathering<string>();
    void joined.then(() => happened.add('joined'));
    void caughtUp.then(() => happened.add('caught up'));
    const calls = [
      () => bench.log.declare([{ name: topic }]),
      () => bench.log.append([record(topic, 'k', 'x')]),
      () => bench.log.topics(),
      () => bench.log.ends([topic]),
      () => bench.log.committed('seat', [topic]),
    ];
    const since = performance.now();
    const results = await Promise.allSettled(calls.map((call) => call()));
    expect(performance.now() - since).toBeLessThan(2_500);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(LogUnavailable) });
      expect(String((result as PromiseRejectedResult).reason)).toMatch(
        /127\.0\.0\.1:\d+ is unavail/,
      );
    }
    await bench.troubles.until((all) => all.some(({ kind }) => kind === 'away'));
    expect(happened.all).toEqual([]);

    await behind.proxy.accept();
    await persist(() => bench.log.declare([{ name: topic }]));
    await persist(() => bench.log.append([record(topic, 'k', 'x')]));
    await Promise.all([joined, caughtUp, handled.until(atLeast(1))]);
    await read.until((all) => textsOf(all).includes('x'));
  });

  it('K14, K24: may be killed and come again; soon all goes on, and nothing is lost', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const group = bench.name('seat');
    const { joined, handled } = member(bench, { group, topics: [topic] });
    const { read } = reader(bench, { topics: [topic], from: 'start' });
    await joined;
    let stopped = false;
    let appended = 0;
    const writing = (async () => {
      for (; !stopped; appended += 1)
        await persist(() => bench.log.append([record(topic, 'k', String(appended))]));
    })();
    await handled.until(atLeast(20));
    await broker().kill('SIGKILL');
    await bench.troubles.until((all) => all.some(({ kind }) => kind === 'crashed'));
    await broker().start();
    const since = performance.now();
    const before = handled.all.length;
    await handled.until(atLeast(before + 20));
    expect(performance.now() - since).toBeLessThan(15_000);
    stopped = true;
    await writing;
    const isComplete = (all: Records): boolean => new Set(textsOf(all)).size === appended;
    await Promise.all([handled.until(isComplete), read.until(isComplete)]);
    expect([...new Set(textsOf(await contentOf(bench, topic)))]).toEqual(texts(appended));
    expect(bench.stuck.all).toEqual([]);
  });

  it('K15: hands nothing to a consumer that was stopped while it tried to come back', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const group = bench.name('seat');
    const stopped = member(bench, { group, topics: [topic] });
    await stopped.joined;
    await behind.proxy.refuse();
    await bench.troubles.until((all) => all.some(({ kind }) => kind === 'crashed'));
    await stopped.stop();
    await behind.proxy.accept();
    const other = trial({ brokers: behind.cluster.brokers });
    bench.after(() => other.close());
    const next = member(other, { group, topics: [topic] });
    await next.joined;
    expect(next.partitions.size).toBe(4);
    await persist(() => other.log.append([record(topic, 'k', 'x')]));
    await next.handled.until(atLeast(1));
    expect(stopped.handled.all).toEqual([]);
  });

  it('K16: may be frozen while all is stopped, which takes no longer for it', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const [begun, never] = [gathering<string>(), Promise.withResolvers<void>()];
    const consumer = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      async handle() {
        begun.add('begun');
        await never.promise;
      },
    });
    const { caughtUp, stop } = reader(bench, { topics: [topic], from: 'start' });
    await Promise.all([consumer.joined, caughtUp]);
    await bench.log.append([record(topic, 'k', 'x')]);
    await begun.until(atLeast(1));
    broker().pause();
    try {
      const since = performance.now();
      await Promise.all([consumer.stop({ drainMs: 500 }), stop()]);
      await bench.log.close();
      expect(performance.now() - since).toBeLessThan(500 + 2_000 + 1_000);
    } finally {
      broker().resume();
      never.resolve();
    }
  });
});
