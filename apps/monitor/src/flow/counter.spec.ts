import { describe, expect, it } from '@jest/globals';
import { counter, percentile } from './counter.ts';
import { recentIds } from './recent-ids.ts';
import { samples } from './samples.ts';
import { noon } from './spec-kit.ts';

describe('a counter', () => {
  it('knows the rate of the last minute, and what there was in all', () => {
    const counted = counter();
    for (let second = 0; second < 120; second += 1) counted.add(noon + second * 1_000);
    expect(counted.rate(noon + 119_999)).toBe(1);
    expect(counted.total()).toBe(120);
    expect(counted.inMinute(noon + 60_000)).toBe(60);
    expect(counted.rate(noon + 600_000)).toBe(0);
  });

  it('knows what there was at an earlier moment, by the minute', () => {
    const counted = counter();
    for (let minute = 0; minute < 60; minute += 1) counted.add(noon + minute * 60_000);
    expect(counted.total(noon + 30 * 60_000)).toBe(31);
    expect(counted.rate(noon + 30 * 60_000)).toBe(1 / 60);
  });

  it('stays small and counts all, however long it runs', () => {
    const counted = counter();
    const days = 30;
    for (let minute = 0; minute < days * 24 * 60; minute += 1) {
      counted.add(noon + minute * 60_000);
    }
    expect(counted.total()).toBe(days * 24 * 60);
    expect(counted.inMinute(noon)).toBe(0);
  });
});

describe('samples', () => {
  it('tell percentiles of the last five minutes only', () => {
    const taken = samples();
    taken.add(noon - 600_000, 9_999);
    for (let ms = 1; ms <= 100; ms += 1) taken.add(noon, ms);
    expect(taken.at(noon + 1)).toEqual({ p50: 51, p99: 100, count: 100 });
    expect(taken.at(noon + 300_000)).toEqual({ p50: null, p99: null, count: 0 });
    expect(percentile([], 0.5)).toBeNull();
  });
});

describe('recent ids', () => {
  it('are met once, until so many others were met that there is no room', () => {
    const ids = recentIds(3);
    expect(['a', 'b', 'a'].map(ids.meet)).toEqual([true, true, false]);
    expect(['c', 'd', 'e'].map(ids.meet)).toEqual([true, true, true]);
    expect(ids.meet('a')).toBe(false);
    expect(['f', 'g'].map(ids.meet)).toEqual([true, true]);
    expect(ids.meet('a')).toBe(true);
  });
});
