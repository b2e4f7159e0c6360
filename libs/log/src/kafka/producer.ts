import { CompressionTypes, type Message, type Producer } from 'kafkajs';
import { mustBeDeclared } from '../declarations.ts';
import type { NewRecord } from '../log.ts';
import { partitionOf } from '../partition.ts';
import { isRefusal } from './errors.ts';
import { type Connect, openLink } from './link.ts';
import { mustFit, type Parcel, parcels } from './parcels.ts';
import type { Settings } from './settings.ts';

/** Appends; what is pending at one moment travels as one request. */
export interface KafkaProducer {
  append(records: readonly NewRecord[]): Promise<void>;
  close(): void;
}

/** An append under way: its parcels go one after another, since they may be of one key. */
interface Pending {
  readonly parcels: Parcel[];
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Each rejection is an unknown outcome, so who appends does so again; nothing is repeated here,
 * and kafkajs repeats nothing either, lest a late repeat overtakes what came after it.
 *
 * Not idempotent: kafkajs gives the sequence number of a failed request to the next one, which the
 * broker then takes for a duplicate and drops (20 of 20 acknowledged records were lost so).
 */
const connect: Connect<Producer> = async ({ kafka, silent }) => {
  const producer = kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    retry: { retries: 0 },
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  producer.on(producer.events.REQUEST_TIMEOUT, silent);
  await producer.connect();
  return producer;
};

/**
 * @param exists whether there is such a topic
 */
export const openProducer = (
  settings: Settings,
  exists: (topic: string) => Promise<boolean>,
): KafkaProducer => {
  const { partitions, limits } = settings;
  const link = openLink(settings, connect);
  const known = new Map<string, true>();
  const queue: Pending[] = [];
  let sending = false;

  const messageOf = ({ key, partition, value, headers }: NewRecord): Message => ({
    key,
    partition: partition ?? partitionOf(key, partitions),
    value: value && Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    headers,
  });

  const send = (together: readonly Parcel[]): Promise<unknown> => {
    const records = together.flatMap((parcel) => parcel.records);
    const topicMessages = [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, some]) => ({
      topic,
      messages: some.map(messageOf),
    }));
    return link.call('appending', (producer) =>
      producer.sendBatch({
        acks: -1,
        timeout: limits.requestMs,
        compression:
          settings.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
        topicMessages,
      }),
    );
  };

  /** The next parcels of those who wait, as many as travel together. */
  const load = (): Pending[] => {
    let bytes = 0;
    const fits = queue.findIndex(({ parcels: [first] }) => {
      bytes += first?.bytes ?? 0;
      return bytes > limits.sendBytes;
    });
    return queue.splice(0, fits < 0 ? queue.length : Math.max(1, fits));
  };

  const settle = (pending: Pending): void => {
    pending.parcels.shift();
    if (pending.parcels.length === 0) pending.done.resolve();
    else queue.unshift(pending);
  };

  const firsts = (loaded: readonly Pending[]): Parcel[] =>
    loaded.flatMap(({ parcels: [first] }) => (first ? [first] : []));

  const deliver = async (loaded: readonly Pending[]): Promise<void> => {
    try {
      await send(firsts(loaded));
      for (const pending of loaded.toReversed()) settle(pending);
    } catch (error) {
      const [only, ...others] = loaded;
      if (others.length === 0 || !isRefusal(error)) {
        for (const { done } of loaded) done.reject(error);
      } else if (only) {
        // One of them is not taken: each goes alone, so that only that one fails.
        for (const pending of loaded) await deliver([pending]);
      }
    }
  };

  const pump = async (): Promise<void> => {
    while (queue.length > 0) await deliver(load());
    sending = false;
  };

  const mustExist = async (topic: string): Promise<void> => {
    if (await exists(topic)) known.set(topic, true);
    mustBeDeclared(known, topic);
  };

  return {
    async append(records) {
      const strangers = new Set<string>();
      for (const record of records) {
        mustFit(record, limits.recordBytes);
        if (!known.has(record.topic)) strangers.add(record.topic);
      }
      for (const topic of strangers) await mustExist(topic);
      if (records.length === 0) return;
      const done = Promise.withResolvers<void>();
      queue.push({ parcels: parcels(records, limits.sendBytes), done });
      if (!sending) {
        sending = true;
        setImmediate(() => void pump());
      }
      await done.promise;
    },
    close: () => link.close(),
  };
};
