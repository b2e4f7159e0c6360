import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compress } from './compress.ts';

describe('a compressed scale', () => {
  it('is true where nothing is left out', () => {
    const { x, breaks } = compress([
      { start: 100, end: 150 },
      { start: 150, end: 200 },
    ]);
    expect([100, 125, 150, 200].map(x)).toEqual([0, 0.25, 0.5, 1]);
    expect(breaks).toEqual([]);
  });

  it('draws ten minutes of waiting as a twentieth of the picture', () => {
    const { x, breaks, beginnings } = compress([
      { start: 0, end: 5 },
      { start: 600_005, end: 600_010 },
    ]);
    expect(breaks).toEqual([{ start: 5, end: 600_005, from: 0.475, to: 0.525 }]);
    expect(x(600_010)).toBe(1);
    expect(beginnings).toEqual([0, 600_005]);
  });

  it('keeps short gaps as they are', () => {
    const { breaks } = compress([
      { start: 0, end: 50 },
      { start: 60, end: 100 },
    ]);
    expect(breaks).toEqual([]);
  });

  it('has room for what took no time', () => {
    const { x } = compress([
      { start: 0, end: 0 },
      { start: 1_000, end: 1_000 },
    ]);
    expect(x(0)).toBe(0);
    expect(x(1_000)).toBeGreaterThan(0.5);
  });

  it('is a scale even of nothing', () => expect(compress([]).x(5)).toBe(0));

  it('never goes back, and stays in the picture', () => {
    const interval = fc
      .tuple(fc.nat(1_000_000), fc.nat(5_000))
      .map(([start, length]) => ({ start, end: start + length }));
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 40 }), (intervals) => {
        const { x, breaks } = compress(intervals);
        const moments = intervals
          .flatMap(({ start, end }) => [start, end])
          .toSorted((a, b) => a - b);
        const places = moments.map(x);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...places)).toBeLessThanOrEqual(1);
        const taken = breaks.reduce((sum, { from, to }) => sum + to - from, 0);
        expect(taken).toBeLessThanOrEqual(0.4 + 1e-9);
      }),
    );
  });
});
