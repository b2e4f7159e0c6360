import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { memoryLog, type Offsets } from '@ensemble/log';
import { type Freshness, freshness } from './freshness.ts';
import { handClock } from './rehearsal.ts';

let clock: ReturnType<typeof handClock>;
let fresh: Freshness;
let ends: number;
let read: number;
let lag: number;
let told: number;
let isWarm: boolean;
const offsets = (offset: number): Offsets => ({ booking: [offset] });
/** Lets the sample that is due be taken. */
const sampled = async (ms = 0): Promise<void> => {
  clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
};

const begin = (): void => {
  fresh = freshness(
    { ...memoryLog(), ends: async () => offsets(ends) },
    [{ lag: async () => lag }],
    { isWarm: () => isWarm, positions: () => offsets(read), tellAll: () => void (told += 1) },
    { clock, observe: () => undefined },
  );
};

beforeEach(() => {
  clock = handClock();
  [ends, read, lag, told, isWarm] = [5, 5, 0, 0, true];
});
afterEach(() => fresh.stop());

describe('the freshness of answers', () => {
  it('is that of the newest look whose records were all read', async () => {
    begin();
    const first = clock.now();
    await sampled();
    expect(fresh.asOf()).toBe(first);
    ends = 9;
    await sampled(1_000);
    expect(fresh.asOf()).toBe(first);
    read = 9;
    expect(fresh.asOf()).toBe(first + 1_000);
  });

  it('is not known before the read models have taken in what was there', async () => {
    lag = 7;
    begin();
    await sampled();
    expect([fresh.asOf(), fresh.lag(), fresh.isComplete()]).toEqual([undefined, 7, false]);
    lag = 0;
    await sampled(1_000);
    expect([fresh.lag(), fresh.isComplete()]).toEqual([0, true]);
    expect(fresh.asOf()).toBeDefined();
  });

  it('is not known before this gateway follows what is said from now on', async () => {
    isWarm = false;
    begin();
    await sampled();
    expect(fresh.isComplete()).toBe(false);
    isWarm = true;
    await sampled(1_000);
    expect(fresh.isComplete()).toBe(true);
  });

  it('is worth another look for everybody until then, and no more after', async () => {
    begin();
    await sampled();
    const before = told;
    expect(before).toBeGreaterThan(0);
    await sampled(1_000);
    expect(told).toBe(before);
  });

  it('is not claimed when the read models are far behind', async () => {
    begin();
    await sampled();
    expect(fresh.asOf()).toBeDefined();
    lag = 20_000;
    await sampled(1_000);
    expect(fresh.asOf()).toBeUndefined();
  });
});
