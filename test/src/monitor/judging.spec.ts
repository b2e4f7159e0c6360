import { describe, expect, it } from '@jest/globals';
import { healthy, judged } from './in-threads.ts';

describe('the monitor', () => {
  // Against ten times as many: `npm run judge`.
  it('has nothing to say against 1,000 healthy bookings, at any moment', async () => {
    const { bookings, verdicts, unfinished } = await judged(33, healthy);
    expect(bookings).toBeGreaterThanOrEqual(990);
    expect(verdicts).toEqual([]);
    expect(unfinished).toEqual([]);
  }, 60_000);

  it('finds nothing but delays, whatever befalls the services, and all of them over in the end', async () => {
    const { verdicts, unfinished } = await judged(12);
    const others = verdicts.filter((verdict) => !/^(late|missing reaction):/.test(verdict));
    expect(others).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(0);
    expect(unfinished).toEqual([]);
  }, 60_000);
});
