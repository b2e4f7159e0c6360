import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { zstdCompressSync } from 'node:zlib';
import kafkajs, { CompressionTypes, type Kafka, type Producer } from 'kafkajs';
import {
  atLeast,
  contentOf,
  declared,
  gathering,
  member,
  reader,
  record,
  textsOf,
} from '../conformance/gather.ts';
import { applyAcls } from '../kafka-acls.ts';
import { LogRefused } from '../log.ts';
import { brokers, type KafkaBench, kafkaBench } from './spec-kit.ts';

const { Snappy, ZSTD } = CompressionTypes;
const codecs: Record<number, () => unknown> = kafkajs.CompressionCodecs;

const fail = (): never => {
  throw new Error('kafkajs has no such codec');
};

/** Lets a foreign producer write what kafkajs can still not read. */
const writeOnly = (type: CompressionTypes, compress: (bytes: Buffer) => Buffer): void => {
  const refuse = codecs[type] ?? fail;
  codecs[type] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => compress(buffer),
    decompress: async () => refuse(),
  });
};

/** Snappy that compresses nothing: a length, and the bytes as literals. */
const snappy = (bytes: Buffer): Buffer => {
  const length: number[] = [];
  for (let rest = bytes.length; length.length === 0 || rest > 0; rest >>>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  }
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length - 1);
  return Buffer.concat([Buffer.from([...length, 63 << 2]), size, bytes]);
};

writeOnly(Snappy, snappy);
writeOnly(ZSTD, (bytes) => zstdCompressSync(bytes));

const sendBy = (producer: Producer, topic: string, value: string, compression: CompressionTypes) =>
  producer.send({ topic, compression, messages: [{ key: 'k', value }] });

describe('what others write and configure', () => {
  let bench: KafkaBench;
  beforeEach(() => void (bench = kafkaBench()));
  afterEach(() => bench.close());

  it.each([
    ['snappy', Snappy],
    ['zstd', ZSTD],
  ])('K20: is read though it was compressed by %s, which kafkajs cannot read', async (_, codec) => {
    const [topic = ''] = await declared(bench, 'seat');
    const { handled } = member(bench, { group: bench.name('seat'), topics: [topic] });
    await bench.raw(({ producer }) => sendBy(producer, topic, 'foreign', codec));
    await bench.log.append([record(topic, 'k', 'ours')]);
    expect(textsOf(await handled.until(atLeast(2)))).toEqual(['foreign', 'ours']);
    expect(textsOf(await contentOf(bench, topic))).toEqual(['foreign', 'ours']);
    expect(bench.troubles.all).toEqual([]);
  });

  it('K20, K24: ends the process when kafkajs gives up for ever, and not before', async () => {
    const topic = bench.name('theirs');
    await bench.raw(async ({ admin, producer }) => {
      await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] });
      await sendBy(producer, topic, 'foreign', Snappy);
    });
    // Who reads all that is ours is not bothered by it.
    await reader(bench, { topics: 'all', from: 'start' }).caughtUp;
    member(bench, { group: bench.name('seat'), topics: [topic] });
    const [reason] = await bench.stuck.until(atLeast(1));
    expect(reason).toMatch(/gave up 3 times in a row: Snappy compression not implemented/);
    const crashes = bench.troubles.all.filter(({ kind }) => kind === 'crashed');
    expect(crashes.length).toBeGreaterThanOrEqual(3);
  });

  it('K21: makes no topic that was not declared, whoever asks for it', async () => {
    const topic = bench.name('seat');
    await expect(bench.log.append([record(topic, 'k', 'x')])).rejects.toThrow(
      `no topic "${topic}": declare it`,
    );
    const { joined, handled } = member(bench, { group: bench.name('seat'), topics: [topic] });
    const { caughtUp, read } = reader(bench, { topics: [topic], from: 'start' });
    await bench.troubles.until((all) => all.some(({ kind }) => kind === 'away'));
    await caughtUp;
    expect(await bench.log.ends([topic])).toEqual({ [topic]: [0, 0, 0, 0] });
    expect(await bench.log.topics()).not.toContain(topic);

    await bench.log.declare([{ name: topic }]);
    await joined;
    await bench.log.append([record(topic, 'k', 'x')]);
    expect(textsOf(await handled.until(atLeast(1)))).toEqual(['x']);
    expect(textsOf(await read.until(atLeast(1)))).toEqual(['x']);
  });

  it.each([
    [
      'has another number of partitions',
      6,
      {},
      /has 6 partitions, expected 4: open the log with 6/,
    ],
    ['forgets', 4, { 'retention.ms': '604800000' }, /retention\.ms=604800000, expected -1/],
    ['keeps foreign codecs', 4, {}, /compression\.type=producer, expected uncompressed/],
    ['takes a producer’s clock', 4, {}, /message\.timestamp\.type=CreateTime, expected LogAppend/],
  ])(
    'K21: is refused when a topic %s, and it says what to do',
    async (_, partitions, configs, why) => {
      const topic = bench.name('seat');
      await bench.raw(({ admin }) =>
        admin.createTopics({
          topics: [
            {
              topic,
              numPartitions: partitions,
              configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
            },
          ],
        }),
      );
      await expect(bench.log.declare([{ name: topic }])).rejects.toThrow(why);
      await expect(bench.log.declare([{ name: topic }])).rejects.toThrow(topic);
    },
  );

  it('K21: is refused when a topic has fewer copies than it must have', async () => {
    const strict = kafkaBench({ replication: 3, minInSync: 2 });
    bench.after(() => strict.close());
    const [topic = ''] = await declared(bench, 'seat');
    await expect(strict.log.declare([{ name: topic }])).rejects.toThrow(
      /has 1 copies, expected 3|min\.insync\.replicas=1, expected 2/,
    );
  });

  const transactional = (kafka: Kafka) =>
    kafka.producer({
      transactionalId: bench.name('transactional'),
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });

  it('K29: comes to the end of the log also where that is the mark of a transaction', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const skipped = gathering<number>();
    const { handled } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      skipped: ({ offset }) => skipped.add(offset),
    });
    await bench.raw(async ({ kafka }) => {
      const producer = transactional(kafka);
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: 'k', value: 'committed' }] });
      await transaction.commit();
      await producer.disconnect();
    });
    expect(await skipped.until(atLeast(1))).toEqual([2]);
    expect(textsOf(handled.all)).toEqual(['committed']);
    expect((await bench.log.ends([topic]))[topic]).toContain(2);
  });

  it('K29: holds up nobody by a transaction that is left open', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const { handled } = member(bench, { group: bench.name('seat'), topics: [topic] });
    await bench.raw(async ({ kafka }) => {
      const producer = transactional(kafka);
      await producer.connect();
      const committed = await producer.transaction();
      await committed.send({ topic, messages: [{ key: 'k', value: 'committed' }] });
      await committed.commit();
      const open = await producer.transaction();
      await open.send({ topic, messages: [{ key: 'k', value: 'open' }] });
      await bench.log.append([record(topic, 'k', 'ours')]);
      expect(textsOf(await handled.until(atLeast(3)))).toEqual(['committed', 'open', 'ours']);
      await open.abort();
      await bench.log.append([record(topic, 'k', 'later')]);
      await handled.until(atLeast(4));
      await producer.disconnect();
    });
    expect(textsOf(handled.all).at(-1)).toBe('later');
    expect(bench.troubles.all).toEqual([]);
  });
});

describe('a record that Kafka does not take', () => {
  let bench: KafkaBench;
  beforeEach(() => void (bench = kafkaBench()));
  afterEach(() => bench.close());

  it('is that append’s own failure, and not of those that travel with it', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const compacted = bench.name('flow');
    await bench.log.declare([{ name: compacted, compacted: true }]);
    const big = { ...record(topic, 'k', ''), value: Buffer.alloc(2 ** 20, 'x') };
    const appended = await Promise.allSettled([
      bench.log.append([record(topic, 'k', 'before')]),
      bench.log.append([big]),
      bench.log.append([record(bench.name('nowhere'), 'k', 'lost')]),
      // A compacted topic takes no record without a key: Kafka refuses the whole request.
      bench.log.append([record(compacted, null, 'no key')]),
      bench.log.append([record(topic, 'k', 'after')]),
    ]);
    expect(appended.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    const reasons = appended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(reasons.map(String)).toEqual([
      expect.stringMatching(/at most 1048576/),
      expect.stringMatching(/declare it/),
      expect.stringMatching(/rejected|invalid|record/i),
    ]);
    expect(new Set(textsOf(await contentOf(bench, topic)))).toEqual(new Set(['before', 'after']));
  });
});

it('a broker that asks nobody for rights takes none, and that is said', async () => {
  const giving = applyAcls({ brokers, clientId: 'spec' }, [
    {
      principal: 'User:ada',
      resource: 'topic',
      name: 'seat',
      pattern: 'literal',
      operations: ['Read'],
    },
  ]);
  await expect(giving).rejects.toThrow(LogRefused);
  await expect(giving).rejects.toThrow(/^Kafka refused \(giving rights\): Security/i);
});
