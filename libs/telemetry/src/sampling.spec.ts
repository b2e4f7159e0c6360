import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { randomnessOf, shareOf } from './sampling.ts';

const bookings = Array.from({ length: 20_000 }, (_, n) =>
  createHash('sha256').update(`${n}`).digest('hex').slice(0, 32),
);
const kept = (ratio: number): string[] => bookings.filter(shareOf(ratio));

describe('sampling by booking', () => {
  it('keeps all, or none', () => {
    expect(kept(1)).toHaveLength(bookings.length);
    expect(kept(0)).toHaveLength(0);
  });

  it.each([0.5, 0.05, 0.01])('keeps a share of %d', (ratio) => {
    const expected = ratio * bookings.length;
    // Four standard deviations of a binomial distribution.
    const tolerance = 4 * Math.sqrt(expected * (1 - ratio));
    expect(Math.abs(kept(ratio).length - expected)).toBeLessThan(tolerance);
  });

  it('keeps with a larger share what it kept with a smaller one', () => {
    const half = new Set(kept(0.5));
    expect(kept(0.05).filter((booking) => !half.has(booking))).toEqual([]);
  });

  it('has the randomness of a booking everywhere: 56 bits', () => {
    expect(randomnessOf('a booking')).toMatch(/^[0-9a-f]{14}$/);
    expect(randomnessOf('a booking')).toBe(randomnessOf('a booking'));
  });
});
