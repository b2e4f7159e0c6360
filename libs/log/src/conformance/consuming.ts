import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import { atLeast, declared, gathering, member, record, texts, textsOf } from './gather.ts';

/** What a single member of a group is promised. */
export const consuming = (bench: Bench): void => {
  const appendTexts = (topic: string, count: number): Promise<void> =>
    bench.log.append(texts(count).map((text) => record(topic, null, text)));

  it('hands a new group everything from the first record on, and what comes after', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 20);
    const { handled, joined } = member(bench, { group: bench.name('late'), topics: [topic] });
    await joined;
    await handled.until(atLeast(20));
    await bench.log.append([record(topic, null, 'news')]);
    await handled.until(atLeast(21));
    expect(textsOf(handled.all)).toEqual([...texts(20), 'news']);
  });

  it('hands each group everything', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 10);
    const groups = ['payment', 'ticket'].map((word) =>
      member(bench, { group: bench.name(word), topics: [topic] }),
    );
    for (const { handled } of groups) {
      expect(textsOf(await handled.until(atLeast(10)))).toEqual(texts(10));
    }
  });

  it('hands over only the topics that were asked for', async () => {
    const [seat = '', payment = ''] = await declared(bench, 'seat', 'payment');
    const { handled } = member(bench, { group: bench.name('ticket'), topics: [payment] });
    await bench.log.append([record(seat, null, 'seat'), record(payment, null, 'payment')]);
    expect(textsOf(await handled.until(atLeast(1)))).toEqual(['payment']);
  });

  it('awaits that a partition is taken on before it hands over its first batch', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 3);
    const ready = Promise.withResolvers<void>();
    const happened = gathering<string>();
    const { joined } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      async assigned(partition) {
        if (partition !== 0) return;
        await ready.promise;
        happened.add('assigned');
      },
      handle: async () => happened.add('handled'),
    });
    // By when another has handled it all, it would have handed over too, had it not waited.
    const other = member(bench, { group: bench.name('other'), topics: [topic] });
    await other.handled.until(atLeast(3));
    ready.resolve();
    await joined;
    await happened.until((all) => all.includes('handled'));
    expect(happened.all[0]).toBe('assigned');
  });

  it('asks a member again that could not take a partition on', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 1);
    let asked = 0;
    const { handled } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      assigned(partition) {
        if (partition !== 0) return;
        asked += 1;
        if (asked < 3) throw new Error('The store is away.');
      },
    });
    expect(textsOf(await handled.until(atLeast(1)))).toEqual(['0']);
    expect(asked).toBe(3);
  });

  it('hands over no more than a window at a time', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 25);
    const sizes = gathering<number>();
    const { handled } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      window: 10,
      handle: async ({ records }) => sizes.add(records.length),
    });
    expect(textsOf(await handled.until(atLeast(25)))).toEqual(texts(25));
    expect(Math.max(...sizes.all)).toBeLessThanOrEqual(10);
  });

  it('hands over one batch of a topic and partition at a time', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    let inHand = 0;
    const most = gathering<number>();
    const { handled } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      window: 2,
      async handle() {
        inHand += 1;
        most.add(inHand);
        await bench.log.topics();
        inHand -= 1;
      },
    });
    for (const text of texts(12)) await bench.log.append([record(topic, null, text)]);
    await handled.until(atLeast(12));
    expect(Math.max(...most.all)).toBe(1);
  });

  it('lets no topic and no partition wait for another', async () => {
    const [seat = '', payment = ''] = await declared(bench, 'seat', 'payment');
    const arrived = gathering<string>();
    member(bench, {
      group: bench.name('ticket'),
      topics: [seat, payment],
      async handle({ topic, partition }) {
        arrived.add(`${topic}/${partition}`);
        await arrived.until(atLeast(4));
      },
    });
    const keys = [null, 'key-0', 'key-1', 'key-2', 'key-3', 'key-4', 'key-5', 'key-6'];
    await bench.log.append(
      [seat, payment].flatMap((topic) => keys.map((key) => record(topic, key, 'x'))),
    );
    const places = await arrived.until(atLeast(4));
    expect(new Set(places).size).toBeGreaterThanOrEqual(4);
  });

  it('brings a batch again that was not handled', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 5);
    const tries = gathering<string[]>();
    const { handled } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      async handle({ records }) {
        tries.add(textsOf(records));
        if (tries.all.length < 3) throw new Error('The store is away.');
      },
    });
    await handled.until(atLeast(5));
    expect(textsOf(handled.all)).toEqual(texts(5));
    for (const tried of tries.all.slice(0, 2)) expect(tried[0]).toBe('0');
  });

  it('brings again only what comes after the offset that a handler committed', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 10);
    let failed = false;
    const { handled } = member(bench, {
      group: bench.name('seat'),
      topics: [topic],
      async handle(batch) {
        const fourth = batch.records[3];
        if (failed || fourth === undefined) return;
        failed = true;
        batch.commit(fourth.offset);
        throw new Error('The store is away.');
      },
    });
    await handled.until((all) => textsOf(all).includes('9'));
    expect(textsOf(handled.all)).toEqual(texts(10).slice(3));
  });

  it('knows how far a group is', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const group = bench.name('seat');
    const none = Array.from({ length: bench.log.partitions }, () => 0);
    expect(await bench.log.committed(group, [topic])).toEqual({ [topic]: none });
    await appendTexts(topic, 5);
    const { handled, stop } = member(bench, { group, topics: [topic] });
    await handled.until(atLeast(5));
    await stop();
    expect((await bench.log.committed(group, [topic]))[topic]?.[0]).toBe(5);
  });

  it('awaits what is in flight when a member stops, and begins nothing more', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 4);
    const happened = gathering<string>();
    const finish = Promise.withResolvers<void>();
    const group = bench.name('seat');
    const { handled, stop } = member(bench, {
      group,
      topics: [topic],
      window: 2,
      async handle() {
        happened.add('begun');
        await finish.promise;
        await bench.log.topics();
        happened.add('done');
      },
    });
    await happened.until(atLeast(1));
    const stopped = stop().then(() => happened.add('stopped'));
    finish.resolve();
    await stopped;
    expect(happened.all).toEqual(['begun', 'done', 'stopped']);
    expect(textsOf(handled.all)).toEqual(['0', '1']);
    expect((await bench.log.committed(group, [topic]))[topic]?.[0]).toBe(2);
  });

  it('waits no longer than allowed for a member that stops, and brings it all again', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    await appendTexts(topic, 3);
    const group = bench.name('seat');
    const begun = gathering<string>();
    const never = Promise.withResolvers<void>();
    const stuck = member(bench, {
      group,
      topics: [topic],
      async handle() {
        begun.add('begun');
        await never.promise;
      },
    });
    await begun.until(atLeast(1));
    await stuck.stop({ drainMs: 10 });
    const next = member(bench, { group, topics: [topic] });
    expect(textsOf(await next.handled.until(atLeast(3)))).toEqual(texts(3));
    never.resolve();
  });

  it('lets a group go on after a restart where it was', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const group = bench.name('seat');
    await appendTexts(topic, 5);
    const first = member(bench, { group, topics: [topic] });
    await first.handled.until(atLeast(5));
    await first.stop();

    await bench.reopen();
    await bench.log.append([record(topic, null, 'news')]);
    const second = member(bench, { group, topics: [topic] });
    expect(textsOf(await second.handled.until(atLeast(1)))).toEqual(['news']);
  });
};
