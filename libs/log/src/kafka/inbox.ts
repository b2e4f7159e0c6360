import { firstFrom, type Records } from '../delivery/records.ts';
import type { LogRecord } from '../log.ts';

/** What was fetched and is not done yet, for the lanes that take it. */
export interface Inbox extends Records {
  /** Begins a place, which takes in records from an offset on. */
  begin(topic: string, partition: number, offset: number): void;
  /** The offset of the record to take in next; undefined where nothing was begun. */
  next(topic: string, partition: number): number | undefined;
  /** Takes records in, in order; what comes next is at `next`. */
  put(topic: string, partition: number, records: readonly LogRecord[], next: number): void;
  /** Forgets what is before an offset. */
  forget(topic: string, partition: number, offset: number): void;
  /** How many records a place holds. */
  count(topic: string, partition: number): number;
  /** Resolves when a place holds so many at most, or nothing is taken in any more. */
  drained(topic: string, partition: number, count: number): Promise<void>;
  /** Where records are taken in. */
  places(): readonly { readonly topic: string; readonly partition: number }[];
  /** Takes in nothing any more. */
  close(): void;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  records: LogRecord[];
  next: number;
  waiting: { readonly count: number; readonly resolve: () => void }[];
}

export const openInbox = (partitions: number): Inbox => {
  const places = new Map<string, Place>();
  const of = (topic: string, partition: number): Place | undefined =>
    places.get(`${partition}/${topic}`);

  const tell = (place: Place, left: number): void => {
    const told = place.waiting.filter(({ count }) => left <= count);
    place.waiting = place.waiting.filter((each) => !told.includes(each));
    for (const { resolve } of told) resolve();
  };

  return {
    partitions,
    names: () => [...new Set([...places.values()].map(({ topic }) => topic))].sort(),
    end: (topic, partition) => of(topic, partition)?.next ?? 0,
    slice(topic, partition, from, limit) {
      const records = of(topic, partition)?.records ?? [];
      const start = firstFrom(records, from);
      return records.slice(start, start + limit);
    },
    begin(topic, partition, offset) {
      const place: Place = { topic, partition, records: [], next: offset, waiting: [] };
      places.set(`${partition}/${topic}`, place);
    },
    next: (topic, partition) => of(topic, partition)?.next,
    put(topic, partition, records, next) {
      const place = of(topic, partition);
      if (!place) return;
      place.records.push(...records);
      place.next = next;
    },
    forget(topic, partition, offset) {
      const place = of(topic, partition);
      if (!place) return;
      place.records.splice(0, firstFrom(place.records, offset));
      tell(place, place.records.length);
    },
    count: (topic, partition) => of(topic, partition)?.records.length ?? 0,
    drained(topic, partition, count) {
      const place = of(topic, partition);
      if (!place || place.records.length <= count) return Promise.resolve();
      return new Promise((resolve) => place.waiting.push({ count, resolve }));
    },
    places: () => [...places.values()],
    close() {
      const closed = [...places.values()];
      places.clear();
      for (const place of closed) tell(place, 0);
    },
  };
};
