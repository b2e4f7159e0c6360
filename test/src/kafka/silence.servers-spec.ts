import { LogUnavailable } from '@ensemble/log';
import {
  atLeast,
  declared,
  gathering,
  member,
  reader,
  record,
  textsOf,
} from '@ensemble/log/conformance';
import { kafkaRequests } from '@ensemble/testing/servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Behind, brokerBehindProxy, persist, type Trial, trial } from './kit.ts';

/** Kafka's key of the request that consumers fetch by. */
const FETCH = 1;

describe('a connection', () => {
  let behind: Behind;
  let bench: Trial;
  beforeAll(async () => void (behind = await brokerBehindProxy()));
  afterAll(() => behind.stop());
  beforeEach(() => void (bench = trial({ brokers: behind.cluster.brokers })));
  afterEach(async () => {
    behind.proxy.mute(kafkaRequests());
    await bench.close();
  });

  it('K13: that goes silent is cut by whoever waits on it, and all go on by new ones', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const { joined, handled } = member(bench, { group: bench.name('seat'), topics: [topic] });
    const { read } = reader(bench, { topics: [topic], from: 'start' });
    await joined;
    await bench.log.append([record(topic, 'k', 'before')]);
    await Promise.all([handled.until(atLeast(1)), read.until(atLeast(1))]);

    behind.proxy.silence();
    const since = performance.now();
    const append = (): Promise<void> => bench.log.append([record(topic, 'k', 'after')]);
    await expect(append()).rejects.toThrow(LogUnavailable);
    await persist(append);
    const isAfter = (all: Parameters<typeof textsOf>[0]): boolean => textsOf(all).includes('after');
    await Promise.all([handled.until(isAfter), read.until(isAfter)]);
    // The limit of a request, and what it takes to connect and to join again.
    expect(performance.now() - since).toBeLessThan(2_000 + 5_000);
    expect(bench.troubles.all.map(({ kind }) => kind)).toContain('silent');
  });

  it('that breaks is made anew, and nothing is lost', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const { joined, handled } = member(bench, { group: bench.name('seat'), topics: [topic] });
    const { read } = reader(bench, { topics: [topic], from: 'start' });
    await joined;
    for (const text of ['0', '1', '2', '3', '4', '5']) {
      await persist(() => bench.log.append([record(topic, 'k', text)]));
      behind.proxy.cut();
    }
    const isAll = (all: Parameters<typeof textsOf>[0]): boolean => new Set(textsOf(all)).size === 6;
    await Promise.all([handled.until(isAll), read.until(isAll)]);
    expect(bench.stuck.all).toEqual([]);
  });

  it('K32: that brings nothing though there is something ends the process', async () => {
    const watched = trial({ brokers: behind.cluster.brokers, limits: { stuckMs: 3_000 } });
    bench.after(() => watched.close());
    const [topic = ''] = await declared(bench, 'seat');
    const group = bench.name('seat');
    const assigned = gathering<number>();
    const { joined, handled } = member(watched, {
      group,
      topics: [topic],
      assigned: (partition) => assigned.add(partition),
    });
    await joined;
    behind.proxy.mute(kafkaRequests(FETCH));
    behind.proxy.cut();
    await persist(() => bench.log.append([record(topic, null, 'x')]));
    const [reason] = await watched.stuck.until(atLeast(1));
    expect(reason).toBe(`${group} receives nothing for 3000 ms: ${topic}/0`);
    expect(handled.all).toEqual([]);
    behind.proxy.mute(kafkaRequests());
    await handled.until(atLeast(1));
  });
});
