import type { Cluster } from 'kafkajs';
import { retry } from './client.ts';
import type { Connect } from './link.ts';

/** How long kafkajs believes where partitions are led; it asks at once when it was wrong. */
const METADATA_MS = 30_000;

/**
 * Connects to what kafkajs knows of Kafka below its consumers: where partitions are led, and what a
 * broker answers. It hands that to partition assigners only, so a consumer that never runs asks.
 */
export const connectCluster: Connect<Cluster> = async ({ kafka, silent }) => {
  const found: Cluster[] = [];
  const consumer = kafka.consumer({
    groupId: 'none',
    retry,
    metadataMaxAge: METADATA_MS,
    allowAutoTopicCreation: false,
    readUncommitted: true,
    partitionAssigners: [
      ({ cluster }) => {
        found.push(cluster);
        return { name: 'none', version: 0, assign: async () => [], protocol: () => nothing };
      },
    ],
  });
  consumer.on(consumer.events.REQUEST_TIMEOUT, silent);
  const [cluster] = found;
  if (!cluster) throw new Error('kafkajs did not ask the assigner');
  await cluster.connect();
  await cluster.refreshMetadata();
  return cluster;
};

const nothing = { name: 'none', metadata: Buffer.alloc(0) };
