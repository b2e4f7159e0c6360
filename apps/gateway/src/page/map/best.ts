import type { House, Line, Place } from './house.ts';

/** Seats that are proposed. */
export interface Best {
  /** From left to right. */
  readonly seats: readonly Place[];
  /** They are side by side. */
  readonly isTogether: boolean;
}

/** A row further back is as bad as so many seats further from the middle. */
const rowWeight = 1.5;

/** How far a place is from the middle of the front row; the least is the best. */
const badness = ({ width }: House, x: number, y: number): number =>
  Math.abs(x - (width - 1) / 2) + y * rowWeight;

const isFree = ({ letter }: Place): boolean => letter === 'f';

/** All neighbours of this many free seats in a row. */
const groups = ({ seats }: Line, size: number): Place[][] =>
  seats
    .map((_, start) => seats.slice(start, start + size))
    .filter((group) => {
      const [first, last] = [group.at(0), group.at(-1)];
      if (first === undefined || last === undefined || group.length < size) return false;
      return last.x - first.x === size - 1 && group.every(isFree);
    });

const least = <T>(all: readonly T[], weigh: (each: T) => number): T | undefined => {
  let best: { readonly each: T; readonly weight: number } | undefined;
  for (const each of all) {
    const weight = weigh(each);
    if (best === undefined || weight < best.weight) best = { each, weight };
  }
  return best?.each;
};

/**
 * The best seats that are free for so many people: side by side, near the front and the middle. When
 * nowhere so many are side by side: the best seat, and those nearest to it. Undefined when there are
 * not so many.
 */
export const bestAvailable = (house: House, size: number): Best | undefined => {
  const together = least(
    house.lines.flatMap((line) => groups(line, size)),
    (group) => badness(house, (group[0]?.x ?? 0) + (size - 1) / 2, group[0]?.y ?? 0),
  );
  if (together !== undefined) return { seats: together, isTogether: true };
  const free = house.lines.flatMap(({ seats }) => seats.filter(isFree));
  const first = least(free, ({ x, y }) => badness(house, x, y));
  if (first === undefined || free.length < size) return undefined;
  const distance = ({ x, y }: Place): number =>
    Math.abs(x - first.x) + Math.abs(y - first.y) * rowWeight;
  const nearest = free.toSorted((a, b) => distance(a) - distance(b)).slice(0, size);
  return { seats: nearest.toSorted((a, b) => a.y - b.y || a.x - b.x), isTogether: false };
};
