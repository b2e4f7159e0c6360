import type { Assignment, Broker, Cluster, Consumer, EachBatchPayload } from 'kafkajs';
import { homeAssigner } from './assigner.ts';
import { openClient, retry } from './client.ts';
import { isOf } from './errors.ts';
import type { Settings } from './settings.ts';
import { endsWithin } from './waiting.ts';

/** A place and how far it is, as Kafka commits it. */
export interface Done {
  readonly topic: string;
  readonly partition: number;
  /** Everything before it is done. */
  readonly offset: number;
}

/** What a member of a group is told by its consumer. None of it throws or rejects. */
export interface MemberEvents {
  readonly group: string;
  readonly topics: readonly string[];
  /** The partitions it has. */
  readonly had: () => readonly number[];
  /** The group is about to be shared out anew: the last moment to commit. */
  readonly rebalancing: () => void;
  /** What it had is not its own any more. */
  readonly joining: () => void;
  /** What it has from now on. */
  readonly joined: (assignment: Assignment) => void;
  /** Records were fetched; the next are when it has resolved. */
  readonly take: (payload: EachBatchPayload) => Promise<void>;
  /** Offsets that hold nothing for us, such as marks of transactions. */
  readonly skipped: (topic: string, partition: number, next: number) => void;
}

/** A consumer of kafkajs, from its first connection to its last. */
export interface Session {
  /** Commits as the member it is at the moment. Rejects if that is none, or it is refused. */
  commit(done: readonly Done[]): Promise<void>;
  /** Fetches a place from an offset on. */
  seek(topic: string, partition: number, offset: number): void;
  /** @param former the member that it was before, for whom the group would else wait */
  run(former: string | null): Promise<void>;
  /** Resolves when kafkajs has given up, with its reason, or when it was closed. */
  readonly ended: Promise<Error | null>;
  /** Leaves the group if it can, and closes all that is open. */
  close(): Promise<void>;
}

export interface SessionOptions extends MemberEvents {
  /** Told the id under which the group knows it. */
  readonly became: (memberId: string) => void;
}

/** Opens a session; it does nothing until it is run. */
export const openSession = (settings: Settings, options: SessionOptions): Session => {
  const { partitions, limits, onTrouble } = settings;
  const { group, topics, had } = options;
  const client = openClient(settings);
  const ended = Promise.withResolvers<Error | null>();
  /** Of the newest batch: it commits by the generation that the consumer is of. */
  let commit: EachBatchPayload['commitOffsetsIfNecessary'] | null = null;

  const joining = (): void => {
    commit = null;
    options.joining();
  };

  const assigner = homeAssigner({
    partitions,
    had,
    joining,
    uneven: (lists) =>
      onTrouble({
        kind: 'uneven',
        message: `Members of ${group} hear different topics: ${lists.map(String).join(' | ')}.`,
      }),
  });
  const clusters: Cluster[] = [];
  const consumer: Consumer = client.kafka.consumer({
    groupId: group,
    partitionAssigners: [
      (config) => {
        clusters.push(config.cluster);
        return assigner(config);
      },
    ],
    sessionTimeout: limits.sessionMs,
    heartbeatInterval: limits.heartbeatMs,
    rebalanceTimeout: limits.rebalanceMs,
    maxWaitTimeInMs: limits.pollMs,
    maxBytesPerPartition: limits.fetchBytes,
    allowAutoTopicCreation: false,
    readUncommitted: true,
    // A fresh one is begun here: kafkajs would begin one even after it was told to stop.
    retry: { ...retry, retries: 5, restartOnFailure: async () => false },
  });
  const { events } = consumer;
  consumer.on(events.REQUEST_TIMEOUT, client.silent);
  consumer.on(events.REBALANCING, options.rebalancing);
  consumer.on(events.GROUP_JOIN, ({ payload }) => {
    options.became(payload.memberId);
    options.joined(payload.memberAssignment);
  });
  consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
    const { topic, partition, batchSize, lastOffset } = payload;
    if (batchSize === 0) options.skipped(topic, partition, Number(lastOffset) + 1);
  });
  consumer.on(events.CRASH, ({ payload }) => ended.resolve(payload.error));

  const close = async (): Promise<void> => {
    ended.resolve(null);
    try {
      await endsWithin(limits.closeMs, consumer.disconnect());
    } catch (error) {
      onTrouble({ kind: 'away', message: `${group} could not leave its group`, cause: error });
    } finally {
      client.close();
    }
  };
  let closing: Promise<void> | null = null;

  return {
    async run(former) {
      await consumer.connect();
      if (former !== null) await bury(clusters, group, former);
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitions * topics.length,
        async eachBatch(payload) {
          commit = payload.commitOffsetsIfNecessary;
          await options.take(payload);
        },
      });
    },
    async commit(done) {
      if (!commit) throw new Error('the partitions are being shared out anew');
      const byTopic = [...Map.groupBy(done, ({ topic }) => topic)];
      await commit({
        topics: byTopic.map(([topic, places]) => ({
          topic,
          partitions: places.map(({ partition, offset }) => ({ partition, offset: `${offset}` })),
        })),
      });
    },
    seek: (topic, partition, offset) => consumer.seek({ topic, partition, offset: String(offset) }),
    ended: ended.promise,
    close: () => (closing ??= close()),
  };
};

/**
 * Takes a member out of its group that died with its connections, as it would have done itself:
 * else those who join wait for it, as long as a session lasts.
 */
const bury = async (
  clusters: readonly Cluster[],
  groupId: string,
  memberId: string,
): Promise<void> => {
  for (const cluster of clusters) {
    await cluster.refreshMetadata();
    const coordinator = (await cluster.findGroupCoordinator({ groupId })) as Coordinator;
    try {
      await coordinator.leaveGroup({ groupId, memberId });
    } catch (error) {
      if (!isOf(error, 'UNKNOWN_MEMBER_ID')) throw error;
    }
  }
};

/** kafkajs' types leave it out. */
type Coordinator = Broker & {
  leaveGroup(member: { readonly groupId: string; readonly memberId: string }): Promise<void>;
};
