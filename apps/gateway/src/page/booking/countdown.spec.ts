import { describe, expect, it } from '@jest/globals';
import { clockFace, leftAt } from './countdown.ts';

const noon = Date.UTC(2026, 10, 21, 12);

describe('what is left of a hold', () => {
  it.each([
    [600_000, 600, false, undefined],
    [300_001, 301, false, undefined],
    [300_000, 300, false, 300_000],
    [60_001, 61, false, 300_000],
    [60_000, 60, true, 60_000],
    [20_000, 20, true, 60_000],
    [1, 1, true, 60_000],
    [0, 0, true, 0],
    [-5_000, 0, true, 0],
  ] as const)('at %d ms is %d s', (ms, seconds, isUrgent, spoken) => {
    expect(leftAt(noon + ms, noon)).toEqual({ seconds, isUrgent, spoken });
  });

  it('is shown as clocks show it', () => {
    expect([600, 598, 61, 9, 0].map(clockFace)).toEqual(['10:00', '9:58', '1:01', '0:09', '0:00']);
  });
});
