import type { Broker, Cluster } from 'kafkajs';
import type { LogRecord } from '../log.ts';
import { type Fetched, recordOf } from './records.ts';

/** A place to fetch from an offset on. */
export interface Wanted {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What a place had. */
export interface Found {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The offset to go on from. */
  readonly next: number;
}

/** The places by the broker that leads them. */
export const byLeader = (
  cluster: Cluster,
  wanted: readonly Wanted[],
): ReadonlyMap<string, readonly Wanted[]> =>
  Map.groupBy(wanted, ({ topic, partition }) => {
    const [leader] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
    if (leader === undefined) throw new Error(`nobody leads ${topic}/${partition}`);
    return leader;
  });

/** Fetches what one broker has; waits for news if there are none. Needs no group. */
export const fetchFrom = async (
  broker: Broker,
  wanted: readonly Wanted[],
  { pollMs, fetchBytes }: { readonly pollMs: number; readonly fetchBytes: number },
): Promise<readonly Found[]> => {
  const topics = [...Map.groupBy(wanted, ({ topic }) => topic)].map(([topic, places]) => ({
    topic,
    partitions: places.map(({ partition, offset }) => ({
      partition,
      fetchOffset: String(offset),
      maxBytes: fetchBytes,
    })),
  }));
  const answer = (await broker.fetch({
    maxWaitTime: pollMs,
    isolationLevel: READ_UNCOMMITTED,
    topics,
  })) as Answer;
  const from = new Map(wanted.map((place) => [placeOf(place), place.offset]));
  return answer.responses.flatMap(({ topicName: topic, partitions }) =>
    partitions.flatMap(({ partition, messages }) => {
      const offset = from.get(placeOf({ topic, partition })) ?? 0;
      // A batch that begins before the offset comes whole.
      const news = messages.filter((message) => Number(message.offset) >= offset);
      const last = news.at(-1);
      if (!last) return [];
      const records = news
        .filter(({ isControlRecord }) => !isControlRecord)
        .map((message) => recordOf(topic, partition, message));
      return [{ topic, partition, records, next: Number(last.offset) + 1 }];
    }),
  );
};

/** A transaction that its producer leaves open holds up nobody; ours use none. */
const READ_UNCOMMITTED = 0;

interface Answer {
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly messages: readonly (Fetched & { readonly isControlRecord: boolean })[];
    }[];
  }[];
}

const placeOf = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${partition}/${topic}`;
