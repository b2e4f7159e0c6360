import type { Clock } from '@ensemble/choreography';

/** Work that is under way, so that it can be awaited before everything is closed. */
export interface UnderWay {
  /** Follows a piece of work to its end, whichever that is. */
  follow<Result>(work: Promise<Result>): Promise<Result>;
  /** Resolves when all of it has ended, or `limitMs` later. */
  ended(limitMs: number): Promise<void>;
}

export const underWay = (clock: Clock): UnderWay => {
  const all = new Set<Promise<unknown>>();
  return {
    follow: (work) => {
      all.add(work);
      const forget = (): void => void all.delete(work);
      work.then(forget, forget);
      return work;
    },
    ended: async (limitMs) => {
      const late = Promise.withResolvers<void>();
      const cancel = clock.after(limitMs, late.resolve);
      await Promise.race([Promise.allSettled(all), late.promise]);
      cancel();
    },
  };
};
