import { describe, expect, it } from '@jest/globals';
import type { Batch, Log } from './log.ts';
import { memoryLogData } from './memory-data.ts';
import { memoryLog } from './memory.ts';

/** A world in which nothing happens but what a test lets happen, in an order that it decides. */
const world = (choose: (count: number) => number = () => 0) => {
  const tasks: (() => void)[] = [];
  const timers: { at: number; task: () => void }[] = [];
  let time = 1_000;
  const microtasks = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  /** Until nothing is left to do but to wait. */
  const settle = async (): Promise<void> => {
    await microtasks();
    while (tasks.length > 0) {
      const [task] = tasks.splice(choose(tasks.length), 1);
      task?.();
      await microtasks();
    }
  };

  return {
    settle,
    now: () => time,
    schedule: (task: () => void) => void tasks.push(task),
    after(ms: number, task: () => void) {
      const timer = { at: time + ms, task };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
    pass: async (ms: number): Promise<void> => {
      time += ms;
      for (const timer of timers.filter(({ at }) => at <= time)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.task();
      }
      await settle();
    },
  };
};

const keys = ['key-0', 'key-1', 'key-2', 'key-3', 'key-4', 'key-5', 'key-6', 'key-7'];
const records = keys.map((key) => ({ topic: 'seat', key, value: null, headers: {} }));

const join = (log: Log, handle: (batch: Batch) => Promise<void> = async () => {}) => {
  const handled: string[] = [];
  const changes: string[] = [];
  const consumer = log.consume({
    group: 'seat',
    topics: ['seat'],
    assigned: (partition) => void changes.push(`+${partition}`),
    revoked: (partition) => void changes.push(`-${partition}`),
    async handle(batch) {
      await handle(batch);
      handled.push(...batch.records.map(({ key }) => String(key)));
    },
  });
  return { consumer, handled, changes };
};

const start = async (choose?: (count: number) => number) => {
  const time = world(choose);
  const data = memoryLogData({ partitions: 2, ...time });
  const log = memoryLog(data);
  const declared = log.declare([{ name: 'seat' }]);
  await time.settle();
  await declared;
  return { ...time, data, log };
};

/** A chooser that chooses the same for the same seed. */
const seeded = (seed: number) => {
  let state = seed;
  return (count: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % count;
  };
};

describe('a log in memory', () => {
  it('does nothing until it is given a turn', async () => {
    const { log, settle } = await start();
    const { handled } = join(log);
    await settle();
    let isDone = false;
    const appended = log.append(records).then(() => (isDone = true));
    await Promise.resolve();
    expect([isDone, handled]).toEqual([false, []]);
    await settle();
    await appended;
    expect(handled.toSorted()).toEqual(keys);
  });

  it('does the same again when the scheduler decides the same again', async () => {
    const play = async (seed: number): Promise<string[]> => {
      const { log, settle } = await start(seeded(seed));
      const { handled } = join(log);
      for (const record of records) void log.append([record]);
      await settle();
      return handled;
    };
    const first = await play(7);
    expect(await play(7)).toEqual(first);
    expect(first.toSorted()).toEqual(keys);
    expect(await play(8)).not.toEqual(first);
  });

  it('tries again by the time it is given', async () => {
    const { log, settle, pass } = await start();
    let isAway = true;
    const { handled } = join(log, async () => {
      if (isAway) throw new Error('The store is away.');
    });
    void log.append(records);
    await settle();
    isAway = false;
    await pass(99);
    expect(handled).toEqual([]);
    await pass(1);
    expect(handled.toSorted()).toEqual(keys);
  });

  it('gives the partitions of a member that crashed to others, with what it left undone', async () => {
    const { data, log, settle } = await start();
    const stuck = memoryLog(data);
    const ada = join(stuck, () => new Promise(() => {}));
    await settle();
    void log.append(records);
    await settle();
    const bob = join(log);
    data.crash(stuck);
    await settle();
    expect(ada.changes).toEqual(['+0', '+1']);
    expect(ada.handled).toEqual([]);
    expect(bob.handled.toSorted()).toEqual(keys);
  });

  it('lets nothing count that a member does after it crashed, and hands it nothing more', async () => {
    const { data, log, settle } = await start();
    const lost = memoryLog(data);
    const finish = Promise.withResolvers<void>();
    const ada = join(lost, () => finish.promise);
    await settle();
    for (let times = 0; times < 2; times += 1) {
      void log.append(records);
      await settle();
    }
    data.crash(lost);
    finish.resolve();
    await settle();
    expect(ada.handled.toSorted()).toEqual(keys);
    const committed = log.committed('seat', ['seat']);
    await settle();
    expect(await committed).toEqual({ seat: [0, 0] });
  });

  it('does and answers nothing that a process asked for before it crashed', async () => {
    const { data, log, settle } = await start();
    const lost = memoryLog(data);
    let isAnswered = false;
    void lost.append(records).then(() => (isAnswered = true));
    data.crash(lost);
    const ends = log.ends(['seat']);
    await settle();
    expect(await ends).toEqual({ seat: [0, 0] });
    expect(isAnswered).toBe(false);
  });

  it('moves every partition to the next member when it rebalances', async () => {
    const { data, log, settle } = await start();
    const ada = join(log);
    await settle();
    const bob = join(memoryLog(data));
    await settle();
    const before = [...data.members.keys()].map((member) => member.partitions());
    const moved = data.rebalance();
    await settle();
    await moved;
    expect([...data.members.keys()].map((member) => member.partitions())).toEqual(
      before.toReversed(),
    );
    expect(ada.changes).toEqual(['+0', '+1', '-1', '-0', '+1']);
    expect(bob.changes).toEqual(['+1', '-1', '+0']);
  });

  it('lets a zombie handle what is already another member’s, and takes no commit of it', async () => {
    const { data, log, settle } = await start();
    const ada = join(log, () => new Promise(() => {}));
    await settle();
    const zombie = join(memoryLog(data));
    await settle();
    const [, member] = [...data.members.keys()];
    const partition = member?.partitions().includes(0) ? 1 : 0;
    data.alsoAssign(partition, member!);
    await settle();
    void log.append(records);
    await settle();
    const committed = log.committed('seat', ['seat']);
    await settle();
    expect(ada.handled).toEqual([]);
    expect(zombie.handled.toSorted()).toEqual(keys);
    expect((await committed)['seat']?.[partition]).toBe(0);
    void data.rebalance();
    await settle();
    expect(zombie.changes).toContain(`-${partition}`);
  });

  it('hands everything to one member at a time, in order, whoever comes and goes', async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const choose = seeded(seed);
      const { data, log, settle, pass } = await start(choose);
      const holders = new Map<number, Log>();
      const handled: { partition: number; offset: number }[] = [];
      const members: { port: Log; stop: () => Promise<void> }[] = [];

      const come = (): void => {
        const port = memoryLog(data);
        const consumer = port.consume({
          group: 'seat',
          topics: ['seat'],
          window: 2,
          assigned(partition) {
            expect([seed, holders.has(partition)]).toEqual([seed, false]);
            holders.set(partition, port);
          },
          revoked: (partition) => void holders.delete(partition),
          async handle(batch) {
            await log.topics();
            if (choose(4) === 0) throw new Error('The store is away.');
            if (holders.get(batch.partition) === port) handled.push(...batch.records);
          },
        });
        members.push({ port, stop: () => consumer.stop() });
      };
      const go = (): void => void members.splice(choose(members.length), 1)[0]?.stop();
      const crash = (): void => {
        const [lost] = members.splice(choose(members.length), 1);
        for (const [partition, port] of holders) {
          if (port === lost?.port) holders.delete(partition);
        }
        if (lost) data.crash(lost.port);
      };
      const append = (): void => void log.append(records);
      const rebalance = (): void => void data.rebalance();

      for (let step = 0; step < 30; step += 1) {
        [come, go, crash, append, append, rebalance][choose(6)]?.();
        if (choose(2) === 0) await pass(choose(200));
      }
      come();
      for (let rest = 0; rest < 20; rest += 1) await pass(5_000);
      await settle();

      const ends = log.ends(['seat']);
      await settle();
      for (const [partition, end] of (await ends)['seat']!.entries()) {
        const offsets = handled.filter((each) => each.partition === partition);
        const first = new Set(offsets.map(({ offset }) => offset));
        const expected = Array.from({ length: end }, (_, offset) => offset);
        // Those met for the first time are met in order, though some come twice.
        expect([seed, [...first]]).toEqual([seed, expected]);
      }
    }
  });
});
