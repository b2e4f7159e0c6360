import type { LogRecord } from '@ensemble/log';
import { type Counter, counter } from './counter.ts';
import type { Seen, SeenTypes } from './edges.ts';
import type { Fact } from './fact.ts';

/** How much of what there was, and when. */
export interface Traffic {
  /** Counts a record. @returns false if it was known: no partition is read backwards */
  record(record: LogRecord): boolean;
  /** Counts a fact. */
  fact(fact: Fact): void;
  readonly topics: ReadonlyMap<string, Counter>;
  readonly types: SeenTypes;
}

/** Types that are counted: of more than these those go that were seen least. */
const typesAtMost = 1_000;

export const traffic = (): Traffic => {
  const topics = new Map<string, Counter>();
  const types = new Map<string, Seen>();
  /** By topic and partition, the offset of the newest record. */
  const newest = new Map<string, number>();
  const makeRoom = (): void => {
    if (types.size < typesAtMost) return;
    let rarest = { type: '', count: Infinity };
    for (const [type, seen] of types) {
      const count = seen.counter.total();
      if (count < rarest.count) rarest = { type, count };
    }
    types.delete(rarest.type);
  };
  return {
    topics,
    types,
    record: ({ topic, partition, offset, timestamp }) => {
      const place = `${topic}/${partition}`;
      if (offset <= (newest.get(place) ?? -1)) return false;
      newest.set(place, offset);
      const known = topics.get(topic) ?? counter();
      topics.set(topic, known);
      known.add(timestamp);
      return true;
    },
    fact: ({ type, at }) => {
      if (!types.has(type)) makeRoom();
      const known = types.get(type) ?? { counter: counter(), first: at, last: at };
      types.set(type, known);
      known.counter.add(at);
      known.first = Math.min(known.first, at);
      known.last = Math.max(known.last, at);
    },
  };
};
