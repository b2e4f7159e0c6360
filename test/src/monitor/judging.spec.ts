import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../stage/play.ts';
import type { Judged, Season } from './judging.ts';

/** Judges seeds on all cores; Node itself runs them, twice as fast as the sandbox of a spec. */
const judged = async (seeds: number, only?: readonly Fault[]): Promise<Judged> => {
  const each = Math.ceil(seeds / availableParallelism());
  const seasons: Season[] = [];
  for (let from = 1; from <= seeds; from += each) {
    seasons.push({ from, seeds: Math.min(each, seeds + 1 - from), only });
  }
  const found = await Promise.all(
    seasons.map(async (season): Promise<Judged> => {
      const thread = new Worker(new URL('./judging.worker.ts', import.meta.url), {
        workerData: season,
      });
      const [answer] = await once(thread, 'message');
      return answer;
    }),
  );
  return {
    bookings: found.reduce((sum, { bookings }) => sum + bookings, 0),
    verdicts: found.flatMap(({ verdicts }) => verdicts),
    unfinished: found.flatMap(({ unfinished }) => unfinished),
  };
};

/** What befalls a system that is well: copies, repeats, and partitions that change hands. */
const healthy: readonly Fault[] = [
  'records twice',
  'answers lost',
  'offsets lost',
  'offsets set back',
  'rebalances',
  'two owners',
];

describe('the monitor', () => {
  it('has nothing to say against 10,000 healthy bookings, at any moment', async () => {
    const { bookings, verdicts, unfinished } = await judged(330, healthy);
    expect(bookings).toBeGreaterThanOrEqual(10_000);
    expect(verdicts).toEqual([]);
    expect(unfinished).toEqual([]);
  }, 180_000);

  it('finds nothing but delays, whatever befalls the services, and all of them over in the end', async () => {
    const { verdicts, unfinished } = await judged(60);
    const others = verdicts.filter((verdict) => !/^(late|missing reaction):/.test(verdict));
    expect(others).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(0);
    expect(unfinished).toEqual([]);
  }, 120_000);
});
