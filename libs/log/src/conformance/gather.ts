import type { Bench } from '../conformance.ts';
import type { Consumer, ConsumeOptions, LogRecord, NewRecord, ReadOptions } from '../log.ts';
import { partitionOf } from '../partition.ts';

/** A record whose value is a text. */
export const record = (topic: string, key: string | null, text: string): NewRecord => ({
  topic,
  key,
  value: Buffer.from(text),
  headers: {},
});

/** The text of a record's value. */
export const textOf = ({ value }: { value: Uint8Array | null }): string =>
  Buffer.from(value ?? []).toString();

/** The texts of many, in order. */
export const textsOf = (records: readonly LogRecord[]): string[] => records.map(textOf);

/** Numbers as texts: '0', '1', … */
export const texts = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

/** A place where things are gathered and awaited, so that no test needs to sleep. */
export interface Gathering<Item> {
  readonly all: Item[];
  add(...items: readonly Item[]): void;
  /** Resolves with what is there as soon as it is enough. */
  until(isEnough: (all: readonly Item[]) => boolean): Promise<readonly Item[]>;
}

/** Opens a place to gather things. */
export const gathering = <Item>(): Gathering<Item> => {
  const all: Item[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    add(...items) {
      all.push(...items);
      for (const look of waiting) look();
    },
    until: (isEnough) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isEnough(all)) return;
          waiting.delete(look);
          resolve(all);
        };
        waiting.add(look);
        look();
      }),
  };
};

/** At least so many. */
export const atLeast =
  (count: number) =>
  (all: readonly unknown[]): boolean =>
    all.length >= count;

/** Declares topics, named after a word each, and returns their names. */
export const declared = async (bench: Bench, ...words: readonly string[]): Promise<string[]> => {
  const topics = words.map(bench.name);
  await bench.log.declare(topics.map((topic) => ({ name: topic })));
  return topics;
};

/** A member of a group that gathers what it handles and stops when the test is over. */
export const member = (
  bench: Bench,
  options: Pick<ConsumeOptions, 'group' | 'topics'> &
    Partial<ConsumeOptions> & {
      /** Told when its partitions are others than before. */
      changed?: () => void;
    },
) => {
  const handled = gathering<LogRecord>();
  const partitions = new Set<number>();
  const consumer = bench.log.consume({
    ...options,
    async assigned(partition) {
      await options.assigned?.(partition);
      partitions.add(partition);
      options.changed?.();
    },
    async revoked(partition) {
      partitions.delete(partition);
      options.changed?.();
      await options.revoked?.(partition);
    },
    async handle(batch) {
      await options.handle?.(batch);
      handled.add(...batch.records);
    },
  });
  const stop: Consumer['stop'] = (how) => consumer.stop(how);
  bench.after(() => stop({ drainMs: 0 }));
  return { joined: consumer.joined, stop, handled, partitions };
};

/** A reader that gathers what it is given and stops when the test is over. */
export const reader = (
  bench: Bench,
  options: Pick<ReadOptions, 'topics' | 'from'> & Partial<ReadOptions>,
) => {
  const read = gathering<LogRecord>();
  const following = bench.log.read({
    ...options,
    async onRecords(records) {
      await options.onRecords?.(records);
      read.add(...records);
    },
  });
  const stop = (): Promise<void> => following.stop();
  bench.after(stop);
  return { caughtUp: following.caughtUp, positions: () => following.positions(), stop, read };
};

/** Everything in a topic, read to its end. */
export const contentOf = async (bench: Bench, topic: string): Promise<readonly LogRecord[]> => {
  const { caughtUp, read, stop } = reader(bench, { topics: [topic], from: 'start' });
  await caughtUp;
  await stop();
  return read.all;
};

/** Keys of which each goes to another partition: the one of partition n at index n. */
export const keysByPartition = (partitions: number): string[] => {
  const keys = new Map<number, string>();
  for (let n = 0; keys.size < partitions; n += 1) {
    const key = `key-${n}`;
    const partition = partitionOf(key, partitions);
    if (!keys.has(partition)) keys.set(partition, key);
  }
  return [...keys].sort(([a], [b]) => a - b).map(([, key]) => key);
};
