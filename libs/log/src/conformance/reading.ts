import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import type { LogRecord } from '../log.ts';
import { atLeast, contentOf, declared, gathering, reader, record } from './gather.ts';
import { keysByPartition, texts, textsOf } from './gather.ts';

/** What readers without a group are promised. */
export const reading = (bench: Bench): void => {
  const appendTexts = (topic: string, values: readonly string[]): Promise<void> =>
    bench.log.append(values.map((text) => record(topic, null, text)));

  it('hands a reader all there is, says so, and follows', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, texts(10));
    const { caughtUp, read, positions } = reader(bench, { topics: [topic], from: 'start' });
    await caughtUp;
    expect(textsOf(read.all)).toEqual(texts(10));
    expect(positions()).toEqual(await bench.log.ends([topic]));
    await appendTexts(topic, ['news']);
    expect(textsOf(await read.until(atLeast(11))).at(-1)).toBe('news');
  });

  it('says of an empty topic that it is read', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const { caughtUp, read, positions } = reader(bench, { topics: [topic], from: 'start' });
    await caughtUp;
    expect(read.all).toEqual([]);
    expect(positions()).toEqual(await bench.log.ends([topic]));
  });

  it('says that a reader has caught up when it has taken the last record, not before', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, texts(3));
    const taken = Promise.withResolvers<void>();
    const happened = gathering<string>();
    const { caughtUp } = reader(bench, {
      topics: [topic],
      from: 'start',
      async onRecords() {
        await taken.promise;
        happened.add('taken');
      },
    });
    const told = caughtUp.then(() => happened.add('caught up'));
    taken.resolve();
    await told;
    expect(happened.all.at(-1)).toBe('caught up');
    expect(happened.all.length).toBeGreaterThan(1);
  });

  it('hands a reader from the end only what is appended from now on', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, ['old']);
    const { caughtUp, read } = reader(bench, { topics: [topic], from: 'end' });
    await caughtUp;
    await appendTexts(topic, ['new']);
    expect(textsOf(await read.until(atLeast(1)))).toEqual(['new']);
  });

  it('hands a reader what comes from given offsets on, each partition from its own', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const keys = keysByPartition(bench.log.partitions);
    await bench.log.append(keys.flatMap((key) => texts(5).map((text) => record(topic, key, text))));
    const from = keys.map((_, partition) => Math.min(partition, 4));
    const { caughtUp, read } = reader(bench, { topics: [topic], from: { [topic]: from } });
    await caughtUp;
    for (const [partition, offset] of from.entries()) {
      const ofPartition = read.all.filter((each) => each.partition === partition);
      expect(textsOf(ofPartition)).toEqual(texts(5).slice(offset));
    }
  });

  it('continues a reader that stopped from its positions', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, ['first']);
    const before = reader(bench, { topics: [topic], from: 'start' });
    await before.caughtUp;
    await before.stop();
    await appendTexts(topic, ['second']);
    const after = reader(bench, { topics: [topic], from: before.positions() });
    expect(textsOf(await after.read.until(atLeast(1)))).toEqual(['second']);
  });

  it('awaits what a reader is taking when it stops', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, texts(1));
    const happened = gathering<string>();
    const finish = Promise.withResolvers<void>();
    const { stop } = reader(bench, {
      topics: [topic],
      from: 'start',
      async onRecords() {
        happened.add('begun');
        await finish.promise;
        await bench.log.topics();
        happened.add('taken');
      },
    });
    await happened.until(atLeast(1));
    const stopped = stop().then(() => happened.add('stopped'));
    finish.resolve();
    await stopped;
    expect(happened.all).toEqual(['begun', 'taken', 'stopped']);
  });

  it('hands nothing to a reader that was stopped', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const stopped = reader(bench, { topics: [topic], from: 'start' });
    await stopped.caughtUp;
    await stopped.stop();
    await appendTexts(topic, ['late']);
    await contentOf(bench, topic);
    expect(stopped.read.all).toEqual([]);
  });

  it('hands a reader the next records when it has taken those before', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    let inHand = 0;
    const most = gathering<number>();
    const { read } = reader(bench, {
      topics: [topic],
      from: 'start',
      async onRecords() {
        inHand += 1;
        most.add(inHand);
        await bench.log.topics();
        inHand -= 1;
      },
    });
    for (const text of texts(10)) await appendTexts(topic, [text]);
    expect(textsOf(await read.until(atLeast(10)))).toEqual(texts(10));
    expect(Math.max(...most.all)).toBe(1);
  });

  it('hands a reader again what it did not take', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, texts(5));
    let tries = 0;
    const { caughtUp, read } = reader(bench, {
      topics: [topic],
      from: 'start',
      onRecords() {
        tries += 1;
        if (tries < 3) throw new Error('The page is away.');
      },
    });
    await caughtUp;
    expect(textsOf(read.all)).toEqual(texts(5));
    expect(tries).toBeGreaterThanOrEqual(3);
  });

  it('hands a reader of all topics also those that are declared later', async () => {
    const [early = ''] = await declared(bench, 'seat');
    await appendTexts(early, ['early']);
    const { caughtUp, read } = reader(bench, { topics: 'all', from: 'start' });
    await caughtUp;
    const [late = ''] = await declared(bench, 'payment');
    await appendTexts(late, ['late']);
    const isOurs = ({ topic }: LogRecord): boolean => topic === early || topic === late;
    await read.until((all) => all.filter(isOurs).length === 2);
    expect(textsOf(read.all.filter(isOurs))).toEqual(['early', 'late']);
  });

  it('hands a reader from the end also the first record of a topic declared later', async () => {
    const { caughtUp, read } = reader(bench, { topics: 'all', from: 'end' });
    await caughtUp;
    const [late = ''] = await declared(bench, 'payment');
    await appendTexts(late, ['first']);
    await read.until((all) => all.some(({ topic }) => topic === late));
    expect(textsOf(read.all.filter(({ topic }) => topic === late))).toEqual(['first']);
  });

  it('hands each of several readers everything, whether it came early or late', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const early = reader(bench, { topics: [topic], from: 'start' });
    await early.caughtUp;
    await appendTexts(topic, texts(600));
    const late = reader(bench, { topics: [topic], from: 'start' });
    await late.caughtUp;
    expect(textsOf(await early.read.until(atLeast(600)))).toEqual(texts(600));
    expect(textsOf(late.read.all)).toEqual(texts(600));
  });
};
