import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bestAvailable } from './best.ts';
import { houseOf } from './house.ts';

const house = (...rows: readonly string[]) =>
  houseOf(rows.map((seats, index) => ({ row: 'ABCDEFGH'[index] ?? 'Z', from: 1, seats })));
const best = (size: number, ...rows: readonly string[]) => {
  const found = bestAvailable(house(...rows), size);
  return found && [found.isTogether, ...found.seats.map(({ name }) => name)];
};

describe('the best seats', () => {
  it('are in the middle of the front row', () => {
    expect(best(1, 'fffff', 'fffff')).toEqual([true, 'A-3']);
    expect(best(2, 'fffff', 'fffff')).toEqual([true, 'A-2', 'A-3']);
    expect(best(3, 'fffff', 'fffff')).toEqual([true, 'A-2', 'A-3', 'A-4']);
  });

  it('are further back rather than far at the side', () => {
    expect(best(2, 'ffsssss', 'fffffff')).toEqual([true, 'B-3', 'B-4']);
  });

  it('are side by side: not over an aisle, not over somebody', () => {
    const aisle = houseOf([
      { row: 'A', from: 1, seats: 'ff' },
      { row: 'A', from: 4, seats: 'ff' },
    ]);
    expect(bestAvailable(aisle, 3)?.isTogether).toBe(false);
    expect(best(2, 'fsfhf', 'fffff')).toEqual([true, 'B-2', 'B-3']);
  });

  it('are near each other where nowhere so many are side by side', () => {
    expect(best(3, 'sfsfs', 'ssfss', 'fssss')).toEqual([false, 'A-2', 'A-4', 'B-3']);
  });

  it('are none when there are too few', () => {
    expect(best(2, 'sfs', 'hhh')).toBeUndefined();
    expect(best(1)).toBeUndefined();
  });

  it('are as many as were wanted, free, and side by side wherever that is possible', () => {
    const rows = fc.array(fc.stringMatching(/^[fhs]{1,12}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 8 }), (letters, size) => {
        const found = bestAvailable(house(...letters), size);
        const free = letters.join('').replaceAll(/[hs]/g, '').length;
        expect(found === undefined).toBe(free < size);
        if (found === undefined) return;
        expect(new Set(found.seats.map(({ name }) => name)).size).toBe(size);
        expect(found.seats.every(({ letter }) => letter === 'f')).toBe(true);
        expect(found.isTogether).toBe(letters.some((row) => row.includes('f'.repeat(size))));
      }),
    );
  });
});
