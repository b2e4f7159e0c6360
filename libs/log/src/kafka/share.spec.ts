import { describe, expect, it } from '@jest/globals';
import { type Candidate, share } from './share.ts';

const sizes = Array.from({ length: 26 }, (_, n) => n);
const member = (n: number, had: readonly number[] = []): Candidate => ({ id: `member-${n}`, had });
const members = (count: number): Candidate[] => sizes.slice(1, count + 1).map((n) => member(n));
const every = sizes
  .slice(1)
  .flatMap((partitions) => sizes.slice(1, 14).map((count) => ({ partitions, count })));

/** The same members a while later, with what they got. */
const later = (shares: ReadonlyMap<string, readonly number[]>): Candidate[] =>
  [...shares].map(([id, had]) => ({ id, had }));

const moved = (
  before: ReadonlyMap<string, readonly number[]>,
  after: ReadonlyMap<string, readonly number[]>,
): number =>
  [...after].reduce((sum, [id, partitions]) => {
    const had = new Set(before.get(id));
    return sum + partitions.filter((partition) => !had.has(partition)).length;
  }, 0);

const mustBeFair = (shares: ReadonlyMap<string, readonly number[]>, partitions: number): void => {
  const given = [...shares.values()].flat().sort((a, b) => a - b);
  expect(given).toEqual(sizes.slice(0, partitions));
  const counts = [...shares.values()].map(({ length }) => length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
};

describe('sharing partitions out', () => {
  it('gives each partition to one member, and each member as many, for any two numbers', () => {
    for (const { partitions, count } of every)
      mustBeFair(share(partitions, members(count)), partitions);
  });

  it('moves nothing when nobody came or left', () => {
    for (const { partitions, count } of every) {
      const before = share(partitions, members(count));
      expect(share(partitions, later(before).toReversed())).toEqual(before);
    }
  });

  it('moves to a member that comes only what becomes its own', () => {
    for (const { partitions, count } of every) {
      const before = share(partitions, members(count));
      const after = share(partitions, [...later(before), member(count + 1)]);
      mustBeFair(after, partitions);
      expect(moved(before, after)).toBe(after.get(`member-${count + 1}`)?.length);
    }
  });

  it('moves from a member that leaves only what was its own', () => {
    for (const { partitions, count } of every.filter((each) => each.count > 1)) {
      const before = share(partitions, members(count));
      for (const gone of before.keys()) {
        const after = share(
          partitions,
          later(before).filter(({ id }) => id !== gone),
        );
        mustBeFair(after, partitions);
        expect(moved(before, after)).toBe(before.get(gone)?.length);
      }
    }
  });

  it('gives a partition that two claim to one of them', () => {
    const shares = share(4, [member(1, [0, 1, 2, 3]), member(2, [2, 3])]);
    mustBeFair(shares, 4);
  });

  it('gives nothing that does not exist, whatever a member claims', () => {
    mustBeFair(share(3, [member(1, [7, -1, 0, 0, 0]), member(2, [9, 9])]), 3);
  });
});
