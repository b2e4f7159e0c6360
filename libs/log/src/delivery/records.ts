import type { LogRecord, Offsets } from '../log.ts';

/** The records of a log that lives in this process, as delivery sees them. */
export interface Records {
  readonly partitions: number;
  /** The names of all topics, sorted. */
  readonly names: () => string[];
  /** The offset that the next record will have; 0 for a topic that is not there (yet). */
  readonly end: (topic: string, partition: number) => number;
  /** The records from an offset on, in order, at most `limit`; none if there are none. */
  readonly slice: (
    topic: string,
    partition: number,
    from: number,
    limit: number,
  ) => readonly LogRecord[];
}

/** How far the groups are. */
export interface Progress {
  committed(group: string, topic: string, partition: number): number;
  commit(group: string, topic: string, partition: number, offset: number): void;
}

/** An offset for each partition of each topic. */
export const offsetsOf = (
  topics: readonly string[],
  partitions: number,
  offset: (topic: string, partition: number) => number,
): Offsets =>
  Object.fromEntries(
    topics.map((topic) => [
      topic,
      Array.from({ length: partitions }, (_, partition) => offset(topic, partition)),
    ]),
  );

/** Index of the first record at or after an offset; offsets grow, but have gaps. */
export const firstFrom = (records: readonly LogRecord[], offset: number): number => {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
};
