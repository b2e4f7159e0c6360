import type { LogRecord, Offsets } from '@ensemble/log';

/** How far something has read. */
export interface Progress {
  /** Everything up to this record was read. */
  advance(record: LogRecord): void;
  readonly positions: () => Offsets;
  /** Resolves when these offsets are reached; false when reading ended before. */
  readonly reached: (offsets: Offsets) => Promise<boolean>;
  end(): void;
}

/** Whether what was read reaches as far as these offsets. */
export const hasPassed = (positions: Offsets, offsets: Offsets): boolean =>
  Object.entries(offsets).every(([topic, ends]) =>
    ends.every((end, partition) => (positions[topic]?.[partition] ?? 0) >= end),
  );

/** @param began from where it reads on, by topic and partition; the readers' own word */
export const progress = (began: () => Offsets): Progress => {
  const read = new Map<string, number[]>();
  const waiting = new Set<{ offsets: Offsets; resolve: (reached: boolean) => void }>();
  let ended = false;

  // A reader counts a record when its taker is done; here it counts as soon as it is taken in.
  const positions = (): Offsets =>
    Object.fromEntries(
      Object.entries(began()).map(([topic, offsets]) => [
        topic,
        offsets.map((offset, partition) => Math.max(offset, read.get(topic)?.[partition] ?? 0)),
      ]),
    );

  return {
    positions,
    advance: ({ topic, partition, offset }) => {
      const offsets = read.get(topic) ?? [];
      offsets[partition] = offset + 1;
      read.set(topic, offsets);
      if (waiting.size === 0) return;
      const now = positions();
      for (const waiter of waiting) {
        if (!hasPassed(now, waiter.offsets)) continue;
        waiting.delete(waiter);
        waiter.resolve(true);
      }
    },
    reached: (offsets) => {
      if (ended) return Promise.resolve(false);
      if (hasPassed(positions(), offsets)) return Promise.resolve(true);
      return new Promise((resolve) => waiting.add({ offsets, resolve }));
    },
    end: () => {
      ended = true;
      for (const { resolve } of waiting) resolve(false);
      waiting.clear();
    },
  };
};
