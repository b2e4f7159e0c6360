import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import type { LogRecord, NewRecord } from '../log.ts';
import { partitionOf } from '../partition.ts';
import { contentOf, declared, record, textOf, texts, textsOf } from './gather.ts';

/** What is put in, comes out. */
export const appending = (bench: Bench): void => {
  it('keeps the order of a key, whatever the other keys do', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const keys = ['ada', 'bob', 'eve', 'kim', 'liv'];
    for (const part of ['a', 'b', 'c']) {
      await bench.log.append(
        texts(40).flatMap((text) => keys.map((key) => record(topic, key, part + text))),
      );
    }
    const expected = ['a', 'b', 'c'].flatMap((part) => texts(40).map((text) => part + text));
    const content = await contentOf(bench, topic);
    for (const key of keys) {
      expect(textsOf(content.filter((each) => each.key === key))).toEqual(expected);
    }
  });

  it('takes what is pending at one moment together and loses nothing of it', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await Promise.all(texts(200).map((text) => bench.log.append([record(topic, text, text)])));
    const content = await contentOf(bench, topic);
    expect(new Set(textsOf(content))).toEqual(new Set(texts(200)));
    expect(content).toHaveLength(200);
  });

  it("puts a key where Kafka's own clients put it, and no key into partition 0", async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const keys = [...texts(30), 'hamlet/A', 'Żółć', null];
    await bench.log.append(keys.map((key) => record(topic, key, 'x')));
    for (const { key, partition } of await contentOf(bench, topic)) {
      expect([key, partition]).toEqual([key, partitionOf(key, bench.log.partitions)]);
    }
  });

  it('puts a record where it names a partition, whatever its key', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const all = Array.from({ length: bench.log.partitions }, (_, partition) => partition);
    await bench.log.append(
      all.flatMap((partition) =>
        ['ada', null].map((key) => ({ ...record(topic, key, `${key} ${partition}`), partition })),
      ),
    );
    const content = await contentOf(bench, topic);
    const found = content.map((each) => `${textOf(each)} in ${each.partition}`);
    const wanted = all.flatMap((n) => [`ada ${n} in ${n}`, `null ${n} in ${n}`]);
    expect(found.toSorted()).toEqual(wanted.toSorted());
    expect((await bench.log.ends([topic]))[topic]).toEqual(all.map(() => 2));
  });

  it('gives back keys, values and headers as they were, after a restart too', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const wants: NewRecord[] = [
      { topic, key: 'k', value: Buffer.from([0, 255, 128, 10]), headers: {} },
      { topic, key: 'k', value: null, headers: { reason: 'tombstone' } },
      { topic, key: 'k', value: new Uint8Array(0), headers: { empty: '' } },
      {
        topic,
        key: 'k',
        value: Buffer.from('Ada Żółć 🎭'),
        headers: { 'ce-subject': 'Żółć 🎭\n"' },
      },
      { topic, key: 'k', value: Buffer.alloc(1_048_576 - 1_024, 'm'), headers: {} },
    ];
    await bench.log.append(wants);
    expect((await contentOf(bench, topic)).map(bare)).toEqual(wants.map(bare));
    await bench.reopen();
    expect((await contentOf(bench, topic)).map(bare)).toEqual(wants.map(bare));
  });

  it('takes records without a key', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await bench.log.append([record(topic, null, 'first'), record(topic, null, 'second')]);
    const content = await contentOf(bench, topic);
    expect(content.map((each) => [each.key, each.partition, textOf(each)])).toEqual([
      [null, 0, 'first'],
      [null, 0, 'second'],
    ]);
  });

  it('appends nothing when given nothing', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await bench.log.append([]);
    expect(await contentOf(bench, topic)).toEqual([]);
  });

  it('gives each partition of a topic growing offsets, and says when it received a record', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const before = Date.now();
    await bench.log.append(texts(50).map((text) => record(topic, text, text)));
    const offsets = new Map<number, number>();
    for (const { partition, offset, timestamp } of await contentOf(bench, topic)) {
      expect(offset).toBeGreaterThan(offsets.get(partition) ?? -1);
      // Another machine's clock may be a little off.
      expect(Math.abs(timestamp - before)).toBeLessThan(60_000);
      offsets.set(partition, offset);
    }
  });

  it('knows where the partitions of a topic end', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const ends = async (): Promise<readonly number[] | undefined> =>
      (await bench.log.ends([topic]))[topic];
    expect(await ends()).toEqual(Array.from({ length: bench.log.partitions }, () => 0));
    await bench.log.append([record(topic, null, 'a'), record(topic, null, 'b')]);
    expect((await ends())?.[0]).toBe(2);
  });

  it('lists its topics by name, and lets them be declared again', async () => {
    const topics = await declared(bench, 'ticket', 'booking');
    await bench.log.declare(topics.map((name) => ({ name })));
    const listed = await bench.log.topics();
    expect(listed).toEqual(listed.toSorted());
    expect(listed).toEqual(expect.arrayContaining(topics));
  });

  it('lets two declare the same topic at one moment', async () => {
    const name = bench.name('seat');
    await Promise.all([bench.log.declare([{ name }]), bench.log.declare([{ name }])]);
    await bench.log.append([record(name, 'k', 'x')]);
    expect(textsOf(await contentOf(bench, name))).toEqual(['x']);
  });

  it('refuses a topic that is declared otherwise than it is', async () => {
    const name = bench.name('flow');
    await bench.log.declare([{ name, compacted: true }]);
    await expect(bench.log.declare([{ name }])).rejects.toThrow(name);
  });

  it('keeps the newest record of each key of a compacted topic', async () => {
    const name = bench.name('flow');
    await bench.log.declare([{ name, compacted: true }]);
    for (const text of texts(5)) {
      await bench.log.append(['seat', 'payment'].map((key) => record(name, key, key + text)));
    }
    const newest = new Map((await contentOf(bench, name)).map((each) => [each.key, textOf(each)]));
    expect(Object.fromEntries(newest)).toEqual({ seat: 'seat4', payment: 'payment4' });
  });

  it('keeps everything over a restart, and goes on where it was', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await bench.log.append(texts(30).map((text) => record(topic, text, text)));
    const before = await contentOf(bench, topic);
    const ends = await bench.log.ends([topic]);

    await bench.reopen();
    expect(await bench.log.topics()).toContain(topic);
    expect(await bench.log.ends([topic])).toEqual(ends);
    expect((await contentOf(bench, topic)).map(place).sort()).toEqual(before.map(place).sort());

    await bench.log.append([record(topic, '0', 'after')]);
    const ofKey = (await contentOf(bench, topic)).filter(({ key }) => key === '0');
    expect(textsOf(ofKey)).toEqual(['0', 'after']);
  });
};

const bare = ({ key, value, headers }: NewRecord) => ({
  key,
  headers,
  value: value && Buffer.from(value).toString('base64'),
});

const place = ({ partition, offset, timestamp, value }: LogRecord): string =>
  [partition, offset, timestamp, textOf({ value })].join('/');
