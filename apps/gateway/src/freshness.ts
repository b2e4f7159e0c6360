import type { Clock, Observe, Projection } from '@ensemble/choreography';
import type { Log, Offsets } from '@ensemble/log';
import { every } from './every.ts';
import { followedTopics, type Follower } from './follower.ts';
import { hasPassed } from './progress.ts';

/** How fresh this gateway's answers are. */
export interface Freshness {
  /** Everything said before this moment is in the answers (ms since 1970 UTC), once that is so. */
  asOf(): number | undefined;
  /** Records that were in the log and not in the read models when last looked. */
  lag(): number;
  /** What was said before this gateway began to follow is in the read models. */
  isComplete(): boolean;
  stop(): void;
}

const sampleMs = 1_000;
/** Of what the read models lack, the follower has at least as much as this. */
const recordsFollowed = 10_000;

export const freshness = (
  log: Log,
  projections: readonly Pick<Projection, 'lag'>[],
  follower: Pick<Follower, 'isWarm' | 'positions' | 'tellAll'>,
  { clock, observe }: { clock: Clock; observe: Observe },
): Freshness => {
  let lag = 0;
  let isComplete = false;
  let seen: number | undefined;
  let pending: { readonly at: number; readonly ends: Offsets } | undefined;

  const check = (): void => {
    if (pending === undefined || !hasPassed(follower.positions(), pending.ends)) return;
    seen = pending.at;
    pending = undefined;
  };

  const sample = async (): Promise<void> => {
    try {
      const at = clock.now();
      const isFollowed = follower.isWarm();
      const ends = await log.ends(followedTopics);
      const lags = await Promise.all(projections.map((each) => each.lag()));
      lag = lags.reduce((sum, each) => sum + each, 0);
      // What the read models took in meanwhile, the follower did not see: everybody looks again.
      if (!isComplete) follower.tellAll();
      isComplete ||= isFollowed && lag === 0;
      check();
      pending ??= { at, ends };
    } catch (error) {
      observe('unavailable', { service: 'gateway', what: 'log', error });
    }
  };
  const stop = every(clock, sampleMs, sample);

  return {
    asOf: () => {
      check();
      return isComplete && lag <= recordsFollowed ? seen : undefined;
    },
    lag: () => lag,
    isComplete: () => isComplete,
    stop,
  };
};
