import { firstFrom } from '../delivery/records.ts';
import type { LogRecord } from '../log.ts';

/** The newest records of a log, so that who keeps up with it shares them and reads no file. */
export interface Tail {
  /** Adds a record, newer than all there are of its topic and partition. */
  readonly add: (record: LogRecord) => void;
  /** The records from an offset on, at most `limit`; undefined if the tail begins later. */
  readonly slice: (
    topic: string,
    partition: number,
    from: number,
    limit: number,
  ) => readonly LogRecord[] | undefined;
}

type Places = Map<string, LogRecord[]>;

/** Opens an empty tail that holds between half of `limit` records and all of them. */
export const openTail = (limit: number): Tail => {
  // Two generations: when the young one is full, the old one is forgotten as a whole.
  let old: Places = new Map();
  let young: Places = new Map();
  let count = 0;

  const place = (topic: string, partition: number): string => `${partition}/${topic}`;

  return {
    add(record) {
      const key = place(record.topic, record.partition);
      const records = young.get(key);
      if (records) records.push(record);
      else young.set(key, [record]);
      count += 1;
      if (count < limit / 2) return;
      old = young;
      young = new Map();
      count = 0;
    },
    slice(topic, partition, from, limit) {
      const key = place(topic, partition);
      const older = old.get(key) ?? [];
      const newer = young.get(key) ?? [];
      const first = older[0] ?? newer[0];
      if (first === undefined || first.offset > from) return undefined;
      const start = firstFrom(older, from);
      const found = older.slice(start, start + limit);
      const rest = limit - found.length;
      const next = firstFrom(newer, from);
      return rest > 0 ? [...found, ...newer.slice(next, next + rest)] : found;
    },
  };
};
