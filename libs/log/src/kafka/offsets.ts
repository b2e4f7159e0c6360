import type { Cluster } from 'kafkajs';
import { offsetsOf } from '../delivery/records.ts';
import type { Offsets } from '../log.ts';
import { connectCluster } from './cluster.ts';
import { isOf } from './errors.ts';
import { gathered } from './gather.ts';
import { openLink } from './link.ts';
import type { Settings } from './settings.ts';

/** What Kafka knows of offsets; 0 for a topic that is not there. */
export interface KafkaOffsets {
  ends(topics: readonly string[]): Promise<Offsets>;
  /** The offset of the first record that is kept. */
  starts(topics: readonly string[]): Promise<Offsets>;
  committed(group: string, topics: readonly string[]): Promise<Offsets>;
  /** From where a group goes on: what it committed, or else the first record. */
  resumes(group: string, topics: readonly string[]): Promise<Offsets>;
  close(): void;
}

type Sparse = ReadonlyMap<string, ReadonlyMap<number, number>>;

export const openOffsets = (settings: Settings): KafkaOffsets => {
  const { partitions, limits } = settings;
  const link = openLink(settings, connectCluster);
  const all = Array.from({ length: partitions }, (_, partition) => ({ partition }));

  const full = (topics: readonly string[], found: Sparse): Offsets =>
    offsetsOf(topics, partitions, (topic, partition) => found.get(topic)?.get(partition) ?? 0);

  const edges = (fromBeginning: boolean) =>
    gathered(limits.askMs, (asked: readonly (readonly string[])[]) =>
      link.call('asking for offsets', async (cluster) => {
        const topics = await existing(cluster, [...new Set(asked.flat())]);
        const found = await cluster.fetchTopicsOffset(
          topics.map((topic) => ({ topic, partitions: all, fromBeginning })),
        );
        return byPlace(found);
      }),
    );

  const progress = gathered(limits.askMs, (asked: readonly Question[]) =>
    link.call('asking how far groups are', async (cluster) => {
      const groups = Map.groupBy(asked, ({ group }) => group);
      const found = [...groups].map(async ([group, questions]) => {
        const topics = [...new Set(questions.flatMap((question) => question.topics))];
        return [group, await committedOf(cluster, group, topics)] as const;
      });
      return new Map(await Promise.all(found));
    }),
  );

  const committedOf = async (
    cluster: Cluster,
    group: string,
    topics: readonly string[],
  ): Promise<Sparse> => {
    const coordinator = await cluster.findGroupCoordinator({ groupId: group });
    const asked = all.map((place) => ({ ...place, offset: '' }));
    const { responses } = await coordinator.offsetFetch({
      groupId: group,
      topics: topics.map((topic) => ({ topic, partitions: asked })),
    });
    return byPlace(responses);
  };

  const askEnds = edges(false);
  const askStarts = edges(true);
  const askProgress = async (group: string, topics: readonly string[]): Promise<Sparse> =>
    (await progress({ group, topics })).get(group) ?? new Map();

  return {
    ends: async (topics) => full(topics, await askEnds(topics)),
    starts: async (topics) => full(topics, await askStarts(topics)),
    committed: async (group, topics) => full(topics, await askProgress(group, topics)),
    async resumes(group, topics) {
      const [done, first] = await Promise.all([askProgress(group, topics), askStarts(topics)]);
      return offsetsOf(
        topics,
        partitions,
        (topic, partition) =>
          done.get(topic)?.get(partition) ?? first.get(topic)?.get(partition) ?? 0,
      );
    },
    close: () => link.close(),
  };
};

interface Question {
  readonly group: string;
  readonly topics: readonly string[];
}

/** Those of the topics that are there, known to the cluster from now on. */
const existing = async (cluster: Cluster, topics: readonly string[]): Promise<string[]> => {
  try {
    await cluster.addMultipleTargetTopics([...topics]);
    await cluster.refreshMetadataIfNecessary();
    return [...topics];
  } catch (error) {
    if (!isOf(error, 'UNKNOWN_TOPIC_OR_PARTITION')) throw error;
    const { topicMetadata } = await cluster.metadata();
    const names = new Set(topicMetadata.map(({ topic }) => topic));
    const known = topics.filter((topic) => names.has(topic));
    await cluster.addMultipleTargetTopics(known);
    return known;
  }
};

/** Kafka answers -1 where there is none. */
const byPlace = (
  found: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
  }[],
): Sparse =>
  new Map(
    found.map(({ topic, partitions }) => [
      topic,
      new Map(
        partitions
          .map(({ partition, offset }): [number, number] => [partition, Number(offset)])
          .filter(([, offset]) => offset >= 0),
      ),
    ]),
  );
