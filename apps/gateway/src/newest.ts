import type { Log, Offsets } from '@ensemble/log';
import type { Patience } from '@ensemble/host/edge';
import type { Follower } from './follower.ts';

/**
 * Resolves once this gateway has read what is on these topics by now, in one partition or in all:
 * what a customer was told by another gateway is known here then.
 * @throws Problem `not-now` if that takes too long
 */
export type Newest = (topics: readonly string[], partition?: number) => Promise<void>;

export const newest =
  (log: Pick<Log, 'ends'>, follower: Pick<Follower, 'reached'>, patient: Patience): Newest =>
  (topics, partition) =>
    patient(async () => {
      const ends = await log.ends(topics);
      await follower.reached(partition === undefined ? ends : onlyIn(partition, ends));
    });

const onlyIn = (partition: number, ends: Offsets): Offsets =>
  Object.fromEntries(
    Object.entries(ends).map(([topic, offsets]) => [
      topic,
      offsets.map((end, at) => (at === partition ? end : 0)),
    ]),
  );
