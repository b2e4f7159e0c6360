import { describe, expect, it } from '@jest/globals';
import { count, distance, duration, list, moment, money, plural, rate } from './format.ts';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [0.04, '0.1 ms'],
    [0.44, '0.4 ms'],
    [9.96, '10 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1_240, '1.2 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min'],
    [598_000, '9 min 58 s'],
    [3_599_400, '59 min 59 s'],
    [3_599_600, '1 h'],
    [7_440_000, '2 h 4 min'],
    [86_399_000, '1 d'],
    [187_200_000, '2 d 4 h'],
    [-1_500, '−1.5 s'],
  ])('of %d ms reads as %s', (ms, text) => expect(duration(ms)).toBe(text));
});

it('numbers are grouped, and counted in words', () => {
  expect(count(20_000)).toBe('20,000');
  expect([0, 1, 2_000].map((n) => plural(n, 'booking'))).toEqual([
    '0 bookings',
    '1 booking',
    '2,000 bookings',
  ]);
});

it('rates are told per second, and rare ones per minute', () => {
  expect([0, 0.02, 0.1, 3.24, 1_240].map(rate)).toEqual([
    '0/s',
    '1.2/min',
    '0.1/s',
    '3.2/s',
    '1,200/s',
  ]);
});

it('money has the digits of its currency', () => {
  expect(money({ amount: 9_000, currency: 'EUR' })).toBe('€90.00');
  expect(money({ amount: 9_000, currency: 'JPY' })).toBe('JP¥9,000');
});

it('moments name their day unless it is today', () => {
  const now = new Date(2026, 10, 21, 12).getTime();
  expect(moment(new Date(2026, 10, 21, 9, 5, 7).getTime(), now)).toBe('09:05:07');
  expect(moment(new Date(2026, 10, 20, 9, 5, 7).getTime(), now)).toBe('20 Nov, 09:05:07');
});

it('distances tell before from after', () => {
  expect(distance(1_000, 13_000)).toBe('12 s ago');
  expect(distance(193_400, 13_000)).toBe('in 3 min');
  expect(distance(13_100, 13_000)).toBe('now');
});

it('lists end in a word', () => {
  expect(list(['a', 'b', 'c'], 'or')).toBe('a, b or c');
  expect(list(['a'])).toBe('a');
});
