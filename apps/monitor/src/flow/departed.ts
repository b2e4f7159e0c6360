/** Bookings that were let go: how many of each state, and, of the newest, which. */
export interface Departed {
  leaves(bookingId: string, state: string): void;
  /** It is here again. @returns whether it is known that it was let go */
  returns(bookingId: string): boolean;
  has(bookingId: string): boolean;
  readonly counts: ReadonlyMap<string, number>;
}

/** So many are known by name. */
const namesAtMost = 200_000;

export const departed = (): Departed => {
  const states = new Map<string, string>();
  const counts = new Map<string, number>();
  const count = (state: string, by: number): void =>
    void counts.set(state, (counts.get(state) ?? 0) + by);
  return {
    counts,
    has: (bookingId) => states.has(bookingId),
    leaves: (bookingId, state) => {
      states.set(bookingId, state);
      count(state, 1);
      const [oldest] = states.keys();
      if (states.size > namesAtMost && oldest !== undefined) states.delete(oldest);
    },
    returns: (bookingId) => {
      const state = states.get(bookingId);
      if (state === undefined) return false;
      states.delete(bookingId);
      count(state, -1);
      return true;
    },
  };
};
