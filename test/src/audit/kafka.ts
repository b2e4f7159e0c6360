import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { RawRecord } from './evidence.ts';

/** Everything that stands on Kafka at this moment, on every topic. */
export const recordsOn = async (brokers: readonly string[]): Promise<RawRecord[]> => {
  const kafka = new kafkajs.Kafka({
    clientId: 'auditor',
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
  /** How many records are still to come, by place. */
  const ends = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high));
    }
  }
  await admin.disconnect();

  const records: RawRecord[] = [];
  const { promise: complete, resolve, reject } = Promise.withResolvers<void>();
  if (ends.size === 0) return records;
  const consumer = kafka.consumer({ groupId: `auditor-${randomUUID()}`, maxWaitTimeInMs: 100 });
  consumer.on(consumer.events.CRASH, ({ payload: { error } }) => reject(error));
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch: { topic, partition, messages } }) => {
      const place = `${topic}/${partition}`;
      const end = ends.get(place);
      if (end === undefined) return Promise.resolve();
      for (const { offset, timestamp, key, value, headers = {} } of messages) {
        if (Number(offset) >= end) continue;
        records.push({
          topic,
          partition,
          offset: Number(offset),
          timestamp: Number(timestamp),
          key: key === null ? null : key.toString(),
          value,
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, text]) => [name, String(text)]),
          ),
        });
      }
      if (Number(messages.at(-1)?.offset ?? 0) >= end - 1) ends.delete(place);
      if (ends.size === 0) resolve();
      return Promise.resolve();
    },
  });
  await complete;
  await consumer.disconnect();
  return records;
};
