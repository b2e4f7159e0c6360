/** The row of a seat: `A` of `A-12`. */
export const rowOf = (seat: string): string => seat.slice(0, seat.lastIndexOf('-'));
/** The number of a seat: 12 of `A-12`. */
export const numberOf = (seat: string): number => Number(seat.slice(seat.lastIndexOf('-') + 1));

/**
 * Up to three sets of free seats, as many as were asked for, side by side in one row, the nearest
 * to the seats asked for first, no seat in two of them.
 * @param all every seat of the section, row by row, in order
 */
export const alternatives = (
  all: readonly string[],
  isFree: (seat: string) => boolean,
  wanted: readonly string[],
): string[][] => {
  const size = wanted.length;
  const first = all.findIndex((seat) => wanted.includes(seat));
  const starts = all
    .map((_, start) => start)
    .sort((a, b) => Math.abs(a - first) - Math.abs(b - first));
  const proposals: string[][] = [];
  const proposed = new Set<string>();
  for (const start of starts) {
    if (proposals.length === 3) break;
    const seats = all.slice(start, start + size);
    if (seats.length < size || !areSideBySide(seats)) continue;
    if (!seats.every((seat) => isFree(seat) && !proposed.has(seat))) continue;
    proposals.push(seats);
    for (const seat of seats) proposed.add(seat);
  }
  return proposals;
};

/** A row may be interrupted, by an aisle or a pillar: the numbers tell. */
const areSideBySide = (seats: readonly string[]): boolean =>
  seats.every((seat, index) => {
    const before = seats[index - 1];
    return before === undefined || seat === `${rowOf(before)}-${numberOf(before) + 1}`;
  });
