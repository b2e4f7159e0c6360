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
import type { LogRecord } from '../log.ts';
import { type KafkaBench, kafkaBench } from './spec-kit.ts';

const keys = keysByPartition(4);

describe('a group', () => {
  let bench: KafkaBench;
  beforeEach(() => void (bench = kafkaBench()));
  afterEach(() => bench.close());

  const everywhere = (topics: readonly string[], text: string): Promise<void> =>
    bench.log.append(topics.flatMap((topic) => keys.map((key) => record(topic, key, text))));

  const removeBefore = (topic: string, offset: number): Promise<void> =>
    bench.raw(async ({ admin }) => {
      // It does not look for who leads a topic by itself.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({
        topic,
        partitions: [{ partition: 0, offset: `${offset}` }],
      });
    });

  it('K17: may have two members in one process, which share nothing of kafkajs', async () => {
    const topics = await declared(bench, 'seat', 'payment');
    const group = bench.name('ticket');
    await everywhere(topics, 'before');
    const [ada, bob] = [member(bench, { group, topics }), member(bench, { group, topics })];
    await Promise.all([ada.joined, bob.joined]);
    await everywhere(topics, 'after');
    const all = (): LogRecord[] => [...ada.handled.all, ...bob.handled.all];
    const places = (text: string) =>
      new Set(
        all()
          .filter(({ value }) => String(value) === text)
          .map(({ topic, partition }) => `${topic}/${partition}`),
      );
    const complete = (): boolean => places('before').size === 8 && places('after').size === 8;
    await Promise.race([ada.handled.until(complete), bob.handled.until(complete)]);
    expect(bench.troubles.all.map(({ kind }) => kind)).not.toContain('crashed');
  });

  it('K18, K31: hears the same topics by all its members in one process, or says so', async () => {
    const [seat = '', payment = ''] = await declared(bench, 'seat', 'payment');
    const group = bench.name('ticket');
    member(bench, { group, topics: [seat] });
    expect(() => member(bench, { group, topics: [seat, payment] })).toThrow(/hear the same topics/);
  });

  it('K18: loses nothing while a new version, which hears one topic more, is rolled out', async () => {
    const [seat = '', payment = ''] = await declared(bench, 'seat', 'payment');
    const group = bench.name('ticket');
    const [older, newer] = [bench.another(), bench.another()];
    const old = member(older, { group, topics: [seat] });
    await old.joined;
    const fresh = member(newer, { group, topics: [seat, payment] });
    await fresh.joined;
    expect(fresh.partitions.size).toBe(2);
    await everywhere([seat, payment], 'x');
    const [hers, his] = [new Set(fresh.partitions), new Set(old.partitions)];
    await Promise.all([fresh.handled.until(atLeast(4)), old.handled.until(atLeast(2))]);
    const homes = (all: readonly LogRecord[]) => new Set(all.map(({ partition }) => partition));
    expect([homes(fresh.handled.all), homes(old.handled.all)]).toEqual([hers, his]);
    await Promise.race(
      [older, newer].map(({ troubles }) =>
        troubles.until((all) => all.some(({ kind }) => kind === 'uneven')),
      ),
    );

    await old.stop();
    const ofPayment = ({ topic }: LogRecord): boolean => topic === payment;
    await fresh.handled.until((all) => homes(all.filter(ofPayment)).size === 4);
  });

  it('K19: begins with the first record there is when its place was removed, and says so', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const group = bench.name('seat');
    await bench.log.append(texts(3).map((text) => record(topic, null, text)));
    const before = member(bench, { group, topics: [topic] });
    await before.handled.until(atLeast(3));
    await before.stop();
    await bench.log.append(['3', '4', '5', '6'].map((text) => record(topic, null, text)));
    await removeBefore(topic, 5);
    const after = member(bench, { group, topics: [topic] });
    await after.handled.until((all) => textsOf(all).includes('6'));
    expect(textsOf(after.handled.all)).toEqual(['5', '6']);
    expect(bench.troubles.all.map(({ kind }) => kind)).toContain('moved');
  });

  it('K19, K30: begins with the first record when it is new, wherever the log begins', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await bench.log.append(texts(6).map((text) => record(topic, null, text)));
    await removeBefore(topic, 2);
    const { handled } = member(bench, { group: bench.name('seat'), topics: [topic] });
    expect(textsOf(await handled.until(atLeast(4)))).toEqual(['2', '3', '4', '5']);
    expect(bench.troubles.all).toEqual([]);
  });

  it('K26: hears everything again when Kafka forgot how far it was', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const group = bench.name('seat');
    await bench.log.append(texts(3).map((text) => record(topic, null, text)));
    const before = member(bench, { group, topics: [topic] });
    await before.handled.until(atLeast(3));
    await before.stop();
    expect((await bench.log.committed(group, [topic]))[topic]?.[0]).toBe(3);
    await bench.raw(({ admin }) => admin.deleteGroups([group]));
    expect((await bench.log.committed(group, [topic]))[topic]?.[0]).toBe(0);
    const after = member(bench, { group, topics: [topic] });
    expect(textsOf(await after.handled.until(atLeast(3)))).toEqual(texts(3));
  });

  it('K22: loses nothing and moves little from one member to three and back, while all flows', async () => {
    const topics = await declared(bench, 'seat', 'payment');
    const [seat = ''] = topics;
    const group = bench.name('ticket');
    const handled = gathering<LogRecord>();
    const homes = new Map<string, Set<number>>();
    const join = (name: string) => {
      const own = new Set<number>();
      homes.set(name, own);
      const { joined, stop } = member(bench.another(), {
        group,
        topics,
        assigned: (partition) => void own.add(partition),
        revoked: (partition) => void own.delete(partition),
        handle: async ({ records }) => handled.add(...records),
      });
      return { joined, stop };
    };
    const settled = async (counts: readonly number[]): Promise<void> => {
      // Each append is also a turn in which members may change.
      for (let n = 0; ; n += 1) {
        await everywhere([seat], `${counts.join()}/${n}`);
        const found = [...homes.values()].map(({ size }) => size).filter((size) => size > 0);
        if (found.sort((a, b) => a - b).join() === counts.join()) return;
      }
    };
    const ada = join('ada');
    await settled([4]);
    const bob = join('bob');
    await settled([2, 2]);
    const eve = join('eve');
    await settled([1, 1, 2]);
    const hers = [...(homes.get('ada') ?? [])];
    await bob.stop();
    await settled([2, 2]);
    expect([...(homes.get('ada') ?? [])]).toEqual(expect.arrayContaining(hers));
    await eve.stop();
    await settled([4]);
    await ada.joined;

    const ends = (await bench.log.ends([seat]))[seat] ?? [];
    const offsets = (all: readonly LogRecord[], partition: number): number[] => [
      ...new Set(
        all
          .filter((each) => each.topic === seat && each.partition === partition)
          .map(({ offset }) => offset),
      ),
    ];
    const complete = (all: readonly LogRecord[]): boolean =>
      ends.every((end, partition) => offsets(all, partition).length === end);
    const all = await handled.until(complete);
    for (const [partition, end] of ends.entries()) {
      const firsts = offsets(all, partition);
      expect(firsts).toEqual(Array.from({ length: end }, (_, offset) => offset));
    }
  });
});
