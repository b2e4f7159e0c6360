import { join } from 'node:path';
import { type KafkaCluster, kafkaCluster } from './kafka.ts';
import { type MongoServer, mongoServer } from './mongo.ts';

/** What the system runs on when it does not embed it. */
export interface Servers {
  readonly kafka: KafkaCluster;
  readonly mongo: MongoServer;
  /** The variables by which the apps find them. */
  readonly env: { readonly KAFKA_BROKERS: string; readonly MONGODB_URL: string };
  stop(): Promise<void>;
}

/**
 * Starts Kafka and the MongoDB-compatible server on ports that are free.
 * @param options.dir where data are kept, and found again; else they are removed by `stop`
 */
export const startServers = async ({
  dir,
}: { dir?: string | undefined } = {}): Promise<Servers> => {
  const within = (name: string) => (dir === undefined ? {} : { dir: join(dir, name) });
  const kafka = await kafkaCluster(within('kafka'));
  try {
    const mongo = await mongoServer(within('mongo'));
    return {
      kafka,
      mongo,
      env: { KAFKA_BROKERS: kafka.brokers.join(), MONGODB_URL: mongo.url },
      stop: async () => void (await Promise.all([kafka.stop(), mongo.stop()])),
    };
  } catch (error) {
    await kafka.stop();
    throw error;
  }
};
