import { describe, expect, it } from '@jest/globals';
import { seatsOf } from '@ensemble/contracts';
import fc from 'fast-check';
import { alternatives, rowOf } from './alternatives.ts';

const range = (row: string, from: number, to: number) => ({ row, from, to });
const free =
  (...taken: string[]) =>
  (seat: string): boolean =>
    !taken.includes(seat);

describe('alternatives', () => {
  const stalls = seatsOf([range('A', 1, 6), range('B', 1, 6)]);

  it('are the nearest blocks of the same size, at most three', () => {
    expect(alternatives(stalls, free('A-3'), ['A-3', 'A-4'])).toEqual([
      ['A-4', 'A-5'],
      ['A-1', 'A-2'],
      ['B-1', 'B-2'],
    ]);
  });

  it('do not overlap', () => {
    expect(alternatives(seatsOf([range('A', 1, 5)]), free('A-1'), ['A-1', 'A-2'])).toEqual([
      ['A-2', 'A-3'],
      ['A-4', 'A-5'],
    ]);
  });

  it('stay in one row', () => {
    expect(
      alternatives(seatsOf([range('A', 1, 2), range('B', 1, 2)]), free('A-1'), ['A-1', 'A-2']),
    ).toEqual([['B-1', 'B-2']]);
  });

  it('do not reach across an aisle', () => {
    const parted = seatsOf([range('A', 1, 3), range('A', 10, 11)]);
    expect(alternatives(parted, free('A-1', 'A-2'), ['A-1', 'A-2'])).toEqual([['A-10', 'A-11']]);
  });

  it('are none in a full house', () => {
    expect(alternatives(stalls, () => false, ['A-3'])).toEqual([]);
  });

  it('are always free, side by side, of the right size, nearest first, and all there are', () => {
    const row = fc
      .tuple(fc.constantFrom('A', 'B', 'C'), fc.nat(3), fc.integer({ min: 1, max: 12 }))
      .map(([name, gap, length]) => ({ name, gap, length }));
    // Rows may come in parts: numbers go on after a gap.
    const house = fc.array(row, { minLength: 1, maxLength: 6 }).map((parts) => {
      const last: Record<string, number> = {};
      return seatsOf(
        parts.map(({ name, gap, length }) => {
          const from = (last[name] ?? 0) + gap + 1;
          last[name] = from + length - 1;
          return range(name, from, last[name]);
        }),
      );
    });
    const asked = house.chain((all) =>
      fc.record({
        all: fc.constant(all),
        wanted: fc.uniqueArray(fc.constantFrom(...all, 'Z-1'), { minLength: 1, maxLength: 8 }),
        taken: fc.subarray(all).map((seats) => new Set(seats)),
      }),
    );
    fc.assert(
      fc.property(asked, ({ all, wanted, taken }) => {
        const isFree = (seat: string): boolean => !taken.has(seat);
        const proposals = alternatives(all, isFree, wanted);
        const proposed = proposals.flat();
        const number = (seat: string): number => Number(seat.split('-')[1]);
        const isBlock = (seats: readonly string[]): boolean =>
          seats.length === wanted.length &&
          seats.every(
            (seat, index) =>
              isFree(seat) &&
              rowOf(seat) === rowOf(seats[0]!) &&
              number(seat) === number(seats[0]!) + index,
          );
        expect(proposals.filter((seats) => !isBlock(seats))).toEqual([]);
        expect(proposed.filter((seat) => !all.includes(seat))).toEqual([]);
        expect(new Set(proposed).size).toBe(proposed.length);
        expect(proposals.length).toBeLessThanOrEqual(3);

        const first = all.findIndex((seat) => wanted.includes(seat));
        const distances = proposals.map(([seat]) => Math.abs(all.indexOf(seat!) - first));
        expect(distances).toEqual(distances.toSorted((a, b) => a - b));
        const blocks = all.map((_, start) => all.slice(start, start + wanted.length));
        const missed = blocks.filter(
          (seats) => isBlock(seats) && !seats.some((seat) => proposed.includes(seat)),
        );
        if (proposals.length < 3) expect(missed).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
