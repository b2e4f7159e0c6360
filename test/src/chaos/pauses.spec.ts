import { expect, it } from '@jest/globals';
import { longestPause } from './pauses.ts';

const every = (section: string, ms: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / ms) }, (_, n) => ({ section, at: from + n * ms }));

it('is the longest time without a booking of one section, whatever the others do', () => {
  const settled = [
    ...every('one', 10, 0, 1_000),
    ...every('other', 10, 0, 300),
    ...every('other', 10, 700, 1_000),
  ];
  expect(longestPause(settled, { from: 0, to: 1_000 })).toBe(410);
});

it('counts what has not begun again', () => {
  const settled = every('one', 10, 0, 500);
  expect(longestPause(settled, { from: 100, to: 2_000 })).toBe(1_510);
});

it('does not count what was before', () => {
  const settled = [...every('one', 10, 0, 100), ...every('one', 10, 900, 1_000)];
  expect(longestPause(settled, { from: 900, to: 1_000 })).toBe(10);
});
