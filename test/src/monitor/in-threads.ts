import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Fault } from '../stage/play.ts';
import type { Judged, Season } from './judging.ts';

/** Judges seeds on all cores; Node itself runs them, twice as fast as the sandbox of a spec. */
export const judged = async (seeds: number, only?: readonly Fault[]): Promise<Judged> => {
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

/** What befalls a system that is well: copies and repeats; a change of hands may cost seconds. */
export const healthy: readonly Fault[] = ['records twice', 'offsets lost', 'offsets set back'];
