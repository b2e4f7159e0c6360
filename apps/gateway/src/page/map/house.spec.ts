import { describe, expect, it } from '@jest/globals';
import { houseOf } from './house.ts';

describe('a section', () => {
  const house = houseOf([
    { row: 'A', from: 1, seats: 'fh' },
    { row: 'A', from: 5, seats: 's' },
    { row: 'B', from: 101, seats: 'fff' },
  ]);

  it('is as wide as its longest row, aisles with it, and has a row behind the other', () => {
    expect([house.width, house.height]).toEqual([5, 2]);
    expect(house.lines.map(({ row, y }) => [row, y])).toEqual([
      ['A', 0],
      ['B', 1],
    ]);
  });

  it('leaves an aisle where numbers are missing, and puts short rows in the middle', () => {
    expect(house.lines.map(({ seats }) => seats.map(({ x }) => x))).toEqual([
      [0, 1, 4],
      [1, 2, 3],
    ]);
  });

  it('finds a seat by its name, with how it stands', () => {
    expect(house.find('A-5')).toEqual({
      name: 'A-5',
      row: 'A',
      number: 5,
      letter: 's',
      x: 4,
      y: 0,
    });
    expect(house.find('B-101')).toMatchObject({ letter: 'f', x: 1, y: 1 });
    expect(house.find('A-3')).toBeUndefined();
    expect(house.find('Z-1')).toBeUndefined();
  });

  it('may be without a seat', () => expect(houseOf([])).toMatchObject({ width: 0, height: 0 }));
});
