import { expect, it } from '@jest/globals';
import { blocksIn, strokesIn } from './blocks.ts';
import { houseOf } from './house.ts';

const house = houseOf([
  { row: 'A', from: 1, seats: 'ffhhsff' },
  { row: 'B', from: 1, seats: 'fffffff' },
]);
const all = { fromX: 0, toX: 12, fromY: 0, toY: 6 };

it('only what is in a part is drawn', () => {
  const part = { fromX: 1, toX: 3, fromY: -6, toY: 1 };
  const [block, ...others] = blocksIn(house, part, ({ letter }) => letter);
  expect(others).toEqual([]);
  expect(block?.seats.map(({ name }) => name)).toEqual(['A-2', 'A-3']);
  expect(blocksIn(house, { ...part, fromY: -12, toY: -6 }, () => '')).toEqual([]);
});

it('another state of a seat is another look of its block alone', () => {
  const looks = (chosen: string) =>
    blocksIn(house, all, ({ name, letter }) => (name === chosen ? 'c' : letter));
  const [left, right] = looks('');
  const [leftThen, rightThen] = looks('A-7');
  expect(leftThen?.looks).toBe(left?.looks);
  expect(rightThen?.looks).not.toBe(right?.looks);
  expect(rightThen?.key).toBe(right?.key);
});

it('from afar neighbours that look the same are one stroke', () => {
  const strokes = strokesIn(house, all, ({ name, letter }) => (name === 'B-1' ? 'chosen' : letter));
  expect(Object.fromEntries(strokes)).toEqual({
    f: 'M0.1 0.5H1.9M5.1 0.5H6.9M1.1 1.5H6.9',
    h: 'M2.1 0.5H3.9',
    s: 'M4.1 0.5H4.9',
    chosen: 'M0.1 1.5H0.9',
  });
});
