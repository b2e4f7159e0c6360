import { type Counter, counter } from './counter.ts';

/** Bookings that were let go: how many of each state, and, of the newest, which. */
export interface Departed {
  /** @param at when it came to be in this state */
  leaves(bookingId: string, state: string, at: number): void;
  /** It is here again. @returns whether it is known that it was let go */
  returns(bookingId: string): boolean;
  has(bookingId: string): boolean;
  /** States, and how many had come to each up to a moment, by the minute; all by default. */
  counts(at?: number): ReadonlyMap<string, number>;
}

/** So many are known by name. */
const namesAtMost = 200_000;

export const departed = (): Departed => {
  const left = new Map<string, { readonly state: string; readonly at: number }>();
  const counters = new Map<string, Counter>();
  const counterOf = (state: string): Counter => {
    const known = counters.get(state) ?? counter();
    counters.set(state, known);
    return known;
  };
  return {
    counts: (at) => new Map([...counters].map(([state, each]) => [state, each.total(at)])),
    has: (bookingId) => left.has(bookingId),
    leaves: (bookingId, state, at) => {
      left.set(bookingId, { state, at });
      counterOf(state).add(at);
      const [oldest] = left.keys();
      if (left.size > namesAtMost && oldest !== undefined) left.delete(oldest);
    },
    returns: (bookingId) => {
      const known = left.get(bookingId);
      if (known === undefined) return false;
      left.delete(bookingId);
      counterOf(known.state).add(known.at, -1);
      return true;
    },
  };
};
