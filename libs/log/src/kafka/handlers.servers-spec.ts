import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  atLeast,
  declared,
  gathering,
  member,
  record,
  texts,
  textsOf,
} from '../conformance/gather.ts';
import { keysByPartition } from '../conformance/gather.ts';
import { connectCluster } from './cluster.ts';
import { openClient } from './client.ts';
import { settingsOf } from './settings.ts';
import { brokers, type KafkaBench, kafkaBench } from './spec-kit.ts';

const keys = keysByPartition(4);

/** An error that kafkajs takes for the end. */
const notRetriable = Object.assign(new Error('The store is away.'), { retriable: false });

describe('a consumer, whatever its handlers do,', () => {
  let bench: KafkaBench;
  beforeEach(() => void (bench = kafkaBench({ limits: { sessionMs: 6_000, heartbeatMs: 500 } })));
  afterEach(() => bench.close());

  const appendTo = (topic: string, partition: number, values: readonly string[]): Promise<void> =>
    bench.log.append(values.map((text) => record(topic, keys[partition] ?? '', text)));

  it.each([
    new TypeError('undefined is not a function'),
    new SyntaxError('Unexpected token'),
    new RangeError('Maximum call stack size exceeded'),
    new ReferenceError('price is not defined'),
    notRetriable,
    'not even an error',
  ])('K1: lives on when one throws %p', async (thrown) => {
    const [topic = ''] = await declared(bench, 'seat');
    const [group, assigned] = [bench.name('seat'), gathering<number>()];
    let tries = 0;
    const { handled } = member(bench, {
      group,
      topics: [topic],
      assigned: (partition) => assigned.add(partition),
      handle() {
        tries += 1;
        return tries < 3 ? Promise.reject(thrown) : Promise.resolve();
      },
    });
    await appendTo(topic, 0, texts(3));
    expect(textsOf(await handled.until(atLeast(3)))).toEqual(texts(3));
    await appendTo(topic, 1, ['later']);
    await handled.until(atLeast(4));
    expect(assigned.all).toHaveLength(4);
    expect(bench.troubles.all).toEqual([]);
  });

  it('K2: does not join again and again when one keeps failing, and others go on', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const [assigned, failures] = [gathering<number>(), gathering<string>()];
    const { handled } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      assigned: (partition) => assigned.add(partition),
      async handle({ partition }) {
        if (partition !== 0) return;
        failures.add('failed');
        throw new Error('The store is away.');
      },
    });
    await appendTo(topic, 0, ['stuck']);
    for (const text of texts(20)) {
      await appendTo(topic, 1, [text]);
      await handled.until((all) => textsOf(all).includes(text));
    }
    await failures.until(atLeast(5));
    expect(assigned.all).toHaveLength(4);
    expect(bench.troubles.all).toEqual([]);
  });

  it('K3: commits as one that was expelled, is refused, joins again and goes on', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const [group, assigned] = [bench.name('seat'), gathering<number>()];
    const { joined, handled, stop } = member(bench, {
      group,
      topics: [topic],
      assigned: (partition) => assigned.add(partition),
    });
    await joined;
    await appendTo(topic, 0, ['before']);
    await handled.until(atLeast(1));

    await expel(group);
    await appendTo(topic, 0, ['expelled']);
    await bench.troubles.until((all) => all.some(({ kind }) => kind === 'refused'));
    await assigned.until(atLeast(8));
    await appendTo(topic, 0, ['after']);
    await handled.until((all) => textsOf(all).includes('after'));

    expect(bench.troubles.all.map(({ kind }) => kind)).not.toContain('crashed');
    await stop();
    expect((await bench.log.committed(group, [topic]))[topic]?.[0]).toBe(3);
  });

  it('K4, K10, K11: gives away at once what it is busy with, and commits none of that later', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const group = bench.name('seat');
    const [busy, begun, revoked] = [
      Promise.withResolvers<void>(),
      gathering<string>(),
      gathering<number>(),
    ];
    const every = (text: string): Promise<void> =>
      bench.log.append(keys.map((key) => record(topic, key, text)));
    await every('old');
    member(bench, {
      group,
      topics: [topic],
      revoked: (partition) => revoked.add(partition),
      async handle() {
        begun.add('begun');
        await busy.promise;
      },
    });
    await begun.until(atLeast(4));

    const bob = member(bench.another(), { group, topics: [topic] });
    await bob.joined;
    await every('new');
    await bob.handled.until(atLeast(4));
    const his = [...bob.partitions];
    expect(his).toHaveLength(2);
    expect(new Set(textsOf(bob.handled.all))).toEqual(new Set(['old', 'new']));

    const committedAre = async (partitions: readonly number[], offset: number): Promise<void> => {
      for (;;) {
        const { [topic]: found } = await bench.log.committed(group, [topic]);
        if (partitions.every((partition) => found?.[partition] === offset)) return;
      }
    };
    await committedAre(his, 2);
    busy.resolve();
    await revoked.until((all) => his.every((partition) => all.includes(partition)));
    // Had she committed his as well, she would have done so before she commits what is hers now.
    const hers = [0, 1, 2, 3].filter((partition) => !his.includes(partition));
    await committedAre(hers, 2);
    const { [topic]: committed } = await bench.log.committed(group, [topic]);
    expect(committed).toEqual([2, 2, 2, 2]);
  });

  it('K9, K25: keeps its partitions while they are busy for longer than a session', async () => {
    const slow = kafkaBench({
      limits: { sessionMs: 6_000, heartbeatMs: 500, waitingRecords: 2, holdMs: 5 },
    });
    bench.after(() => slow.close());
    const [topic = ''] = await declared(slow, 'seat');
    const [changes, busy] = [gathering<string>(), Promise.withResolvers<void>()];
    const { joined, handled } = member(slow, {
      group: slow.name('seat'),
      topics: [topic],
      assigned: (partition) => changes.add(`+${partition}`),
      revoked: (partition) => changes.add(`-${partition}`),
      handle: () => busy.promise,
    });
    await joined;
    // So many that each partition is paused.
    await slow.log.append(keys.flatMap((key) => texts(10).map((text) => record(topic, key, text))));
    const since = performance.now();
    while (performance.now() - since < 7_500) await slow.log.ends([topic]);
    busy.resolve();
    await handled.until(atLeast(40));
    expect(changes.all).toEqual(['+0', '+1', '+2', '+3']);
    expect(slow.troubles.all).toEqual([]);
  });

  it('K12: lets a slow partition hold up no other, and goes on there when it is done', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const [busy, begun] = [Promise.withResolvers<void>(), gathering<string>()];
    const { handled } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      async handle({ partition }) {
        if (partition !== 0) return;
        begun.add('begun');
        await busy.promise;
      },
    });
    await appendTo(topic, 0, texts(5));
    await begun.until(atLeast(1));
    const since = performance.now();
    for (const text of texts(50)) {
      await appendTo(topic, 1, [text]);
      await handled.until((all) => textsOf(all).includes(text));
    }
    expect(performance.now() - since).toBeLessThan(50 * 100);
    busy.resolve();
    await handled.until(atLeast(55));
  });

  /** As the broker does with one that it has not heard of for a session. */
  const expel = async (group: string): Promise<void> => {
    const { groups } = await bench.raw(({ admin }) => admin.describeGroups([group]));
    const client = openClient(
      settingsOf({ brokers, partitions: 4, clientId: 'spec', onStuck: () => {} }),
    );
    const cluster = await connectCluster(client);
    const coordinator = (await cluster.findGroupCoordinator({ groupId: group })) as unknown as {
      leaveGroup(member: { groupId: string; memberId: string }): Promise<void>;
    };
    const members = groups.flatMap((each) => each.members);
    expect(members).toHaveLength(1);
    for (const { memberId } of members) await coordinator.leaveGroup({ groupId: group, memberId });
    await cluster.disconnect();
    client.close();
  };
});
