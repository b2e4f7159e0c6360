import type { Clock, Projection } from '@ensemble/choreography';
import type { Follower } from './follower.ts';
import { type SeatMap, seatMap } from './seat-map.ts';

/** The maps of sections: what the read model holds and what was followed since. */
export interface SeatMaps {
  /** @param key `showId/section` */
  of(key: string): Promise<SeatMap>;
}

interface Kept {
  readonly map: SeatMap;
  readonly loadedAt: number;
  /** The read model held all that the follower did not see. */
  readonly whole: boolean;
  /** The newest record that the follower had read when the map was brought up last. */
  newest: number;
}

const mapsAtMost = 2_000;
/** While the read model is still catching up it is asked again, afterwards hardly ever. */
const keptMs = { catchingUp: 1_000, whole: 600_000 };

export const seatMaps = (
  model: Pick<Projection, 'facts'>,
  follower: Pick<Follower, 'events' | 'memory'>,
  { clock, isComplete }: { clock: Clock; isComplete: () => boolean },
): SeatMaps => {
  /** In the order of last use. */
  const kept = new Map<string, Kept>();
  const loading = new Map<string, Promise<Kept>>();

  /** What the follower has forgotten since then is in the read model only. */
  const isGood = ({ whole, loadedAt, newest }: Kept): boolean =>
    follower.memory.lostUpTo() <= newest &&
    whole === isComplete() &&
    clock.now() - loadedAt < (whole ? keptMs.whole : keptMs.catchingUp);

  const load = async (key: string): Promise<Kept> => {
    const whole = isComplete();
    const loadedAt = clock.now();
    const newest = follower.memory.newest();
    const { map } = kept.get(key) ?? { map: seatMap() };
    for (const event of await model.facts(key)) map.hear(event);
    return { map, loadedAt, whole, newest };
  };

  const loadOnce = async (key: string): Promise<Kept> => {
    const known = kept.get(key);
    if (known !== undefined && isGood(known)) return known;
    const work = loading.get(key) ?? load(key).finally(() => loading.delete(key));
    loading.set(key, work);
    return work;
  };

  return {
    of: async (key) => {
      const entry = await loadOnce(key);
      kept.delete(key);
      kept.set(key, entry);
      for (const idlest of kept.keys()) {
        if (kept.size <= mapsAtMost) break;
        kept.delete(idlest);
      }
      for (const event of follower.events(key)) entry.map.hear(event);
      entry.newest = follower.memory.newest();
      return entry.map;
    },
  };
};
