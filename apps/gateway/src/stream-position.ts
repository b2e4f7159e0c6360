import type { Offsets } from '@ensemble/log';

/** A partition of a topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/**
 * The id of a server-sent event: how far each topic of the document's partitions was read, as
 * `topic/partition:offset`, separated by commas.
 */
export const encodePosition = (places: readonly Place[], offsets: Offsets): string =>
  places
    .map(({ topic, partition }) => `${topic}/${partition}:${offsets[topic]?.[partition] ?? 0}`)
    .join(',');

/**
 * The offsets in these places that an id tells of; what it does not tell of is 0. Nothing beyond
 * the ends is believed: whoever waited for it would wait for ever.
 */
export const decodePosition = (id: string, places: readonly Place[], ends: Offsets): Offsets => {
  const told = new Map(
    id.split(',').flatMap((part) => {
      const [place, offset = ''] = part.split(':');
      return place !== undefined && /^\d{1,15}$/.test(offset) ? [[place, Number(offset)]] : [];
    }),
  );
  const offsets: Record<string, number[]> = {};
  for (const { topic, partition } of places) {
    const end = ends[topic]?.[partition] ?? 0;
    const ofTopic = (offsets[topic] ??= []);
    ofTopic[partition] = Math.min(end, told.get(`${topic}/${partition}`) ?? 0);
  }
  return offsets;
};
