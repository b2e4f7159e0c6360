/** Who was let in on a seat: when and where. */
export interface Entry {
  readonly bookingId: string;
  readonly seat: string;
  readonly at: string;
  readonly by: string;
}

/** Somebody who was let in by the signature alone, to be told of when the connection is back. */
export interface Pending {
  /** The Idempotency-Key: of one admission, however often it is told of. */
  readonly key: string;
  readonly code: string;
  readonly at: string;
  readonly seats: readonly string[];
  readonly section: string;
}

/** What turned out to be wrong with somebody who was let in without asking. */
export interface Trouble {
  readonly key: string;
  readonly seats: readonly string[];
  readonly section: string;
  readonly at: string;
  /** The problem's code. */
  readonly why: string;
  /** Who was let in before, where that is what was wrong. */
  readonly admitted: readonly Omit<Entry, 'bookingId'>[];
}

/** What a door remembers, over reloads. */
export interface Kept {
  readonly entries: readonly Entry[];
  readonly pending: readonly Pending[];
  readonly troubles: readonly Trouble[];
}

export const nothingKept: Kept = { entries: [], pending: [], troubles: [] };

/** A night at a large door. */
const entriesAtMost = 20_000;

/** Those of the seats on which somebody was let in, as far as this door knows. */
export const entriesOn = (
  { entries }: Kept,
  { bookingId, seats }: { readonly bookingId: string; readonly seats: readonly string[] },
): readonly Entry[] =>
  entries.filter((entry) => entry.bookingId === bookingId && seats.includes(entry.seat));

/** With more of them; the first on a seat counts. */
export const withEntries = (kept: Kept, more: readonly Entry[]): Kept => {
  const fresh = more.filter(
    ({ bookingId, seat }) => entriesOn(kept, { bookingId, seats: [seat] }).length === 0,
  );
  return { ...kept, entries: [...kept.entries, ...fresh].slice(-entriesAtMost) };
};

/** Told of: in order, or with what turned out to be wrong. */
export const settled = (kept: Kept, { key }: Pending, trouble?: Trouble): Kept => ({
  ...kept,
  pending: kept.pending.filter((each) => each.key !== key),
  troubles: trouble === undefined ? kept.troubles : [...kept.troubles, trouble],
});
