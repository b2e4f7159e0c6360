import { kafkaCluster, mongoServer } from '@ensemble/testing/servers';

/** Where the log and the stores are, as the environment says it. */
export type Where = Readonly<Record<string, string>>;

/** Measures on servers that were started for this alone, and are stopped after it. */
export const onServers = async <Result>(
  which: readonly ('kafka' | 'mongo')[],
  measure: (where: Where) => Promise<Result>,
): Promise<Result> => {
  const kafka = which.includes('kafka') ? await kafkaCluster() : undefined;
  const mongo = which.includes('mongo') ? await mongoServer() : undefined;
  try {
    return await measure({
      ...(kafka && { KAFKA_BROKERS: kafka.brokers.join() }),
      ...(mongo && { MONGODB_URL: mongo.url }),
    });
  } finally {
    await Promise.all([kafka?.stop(), mongo?.stop()]);
  }
};
