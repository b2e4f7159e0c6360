/**
 * The limit: a program of nothing but kafkajs. The same topics, events, sizes and subscriptions as
 * the system's, read models and live streams included; batches are handled whole; nothing is
 * validated, decided, kept or sent twice.
 */
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { events, type EventType } from '@ensemble/contracts';
import { bookingsModel, seatsModel } from '@ensemble/gateway/read-models';
import { type LogRecord, memoryLog, memoryLogData, partitionOf } from '@ensemble/log';
import { notification } from '@ensemble/notification';
import { payment } from '@ensemble/payment';
import { seat } from '@ensemble/seat';
import { memoryStore, type Store } from '@ensemble/store';
import { ticket } from '@ensemble/ticket';
import { type Maker, openHouse } from './house.ts';
import type { Where } from './on-servers.ts';

const partitions = 12;
const wanted = { showId: 'sample', section: 's0', seats: ['A-1'] };

type Says = Readonly<Record<string, readonly string[]>>;

/** What the golden path says; all else is only read. */
const golden: Readonly<Record<string, Says>> = {
  seat: { 'booking.requested': ['seat.reserved'], 'payment.received': ['seat.sold'] },
  payment: { 'seat.reserved': ['payment.received'] },
  ticket: { 'payment.received': ['ticket.generated'] },
  notification: { 'ticket.generated': ['notification.sent'] },
};

const topicsOf = (hears: readonly EventType[]): string[] => [
  ...new Set(hears.map((type) => events[type].noun)),
];

/** Who hears what, and says what about it: as the services, the read models and the live streams. */
const groups = [
  ...[seat({ holdSeconds: 600 }), payment, ticket, notification].map(({ name, hears }) => ({
    group: name,
    topics: topicsOf(hears),
    says: golden[name] ?? {},
  })),
  ...[bookingsModel, seatsModel].map(({ name, hears }) => ({
    group: name,
    topics: topicsOf(hears),
    says: {} as Says,
  })),
  { group: 'live', topics: ['section', ...topicsOf(bookingsModel.hears)], says: {} as Says },
];

/** One event of each type as the system itself says it. */
const samples = async (): Promise<ReadonlyMap<string, LogRecord>> => {
  const log = memoryLog(memoryLogData({ partitions }));
  const stores = new Map<string, Store>();
  const house = await openHouse({
    adapters: {
      log,
      storeOf: (service) => {
        const store = stores.get(service) ?? memoryStore();
        stores.set(service, store);
        return store;
      },
      close: () => log.close(),
    },
  });
  const found = new Map<string, LogRecord>();
  const complete = Promise.withResolvers<void>();
  const reader = log.read({
    topics: 'all',
    from: 'start',
    onRecords: (records) => {
      for (const record of records) found.set(record.headers['ce_type'] ?? '', record);
      if (found.has('notification.sent') && found.has('seat.sold')) complete.resolve();
    },
  });
  await house.open(wanted.showId, 1, [{ row: 'A', from: 1, to: 20 }]);
  await house.request(wanted, randomUUID());
  await complete.promise;
  await reader.stop();
  await house.close();
  return found;
};

/** The next event: another's data, written anew, about the same booking and section. */
const eventLike = (
  sample: LogRecord | undefined,
  key: string,
  subject: string,
): { topic: string; message: Message } => {
  const data = JSON.parse(Buffer.from(sample?.value ?? []).toString()) as object;
  return {
    topic: sample?.topic ?? '',
    message: {
      key,
      partition: partitionOf(key, partitions),
      value: JSON.stringify({ ...data, bookingId: subject }),
      headers: { ...sample?.headers, ce_subject: subject, ce_id: randomUUID() },
    },
  };
};

const byTopic = (events: readonly { topic: string; message: Message }[]) =>
  [...Map.groupBy(events, ({ topic }) => topic)].map(([topic, some]) => ({
    topic,
    messages: some.map(({ message }) => message),
  }));

export const bareMaker = async ({ KAFKA_BROKERS = '' }: Where): Promise<Maker> => {
  const sampleOf = await samples();
  const client = (): Kafka =>
    new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
  const names = [...new Set(groups.flatMap(({ topics }) => topics))];
  const admin = client().admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: names.map((topic) => ({ topic, numPartitions: partitions })),
  });
  await admin.disconnect();
  const partitioner =
    () =>
    ({ message }: { message: Message }): number =>
      message.partition ?? 0;
  const producer = client().producer({ createPartitioner: partitioner });
  await producer.connect();
  let hear: (bookingId: string) => void = () => undefined;

  const consumers = await Promise.all(
    groups.map(async ({ group, topics, says }) => {
      const consumer = client().consumer({ groupId: group, maxWaitTimeInMs: 250 });
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      const joined = new Promise<void>((resolve) =>
        consumer.on(consumer.events.GROUP_JOIN, () => resolve()),
      );
      await consumer.run({
        partitionsConsumedConcurrently: partitions,
        eachBatch: async ({ batch: { messages } }) => {
          const said = messages.flatMap(({ key, headers, value }) => {
            JSON.parse(String(value));
            const type = String(headers?.['ce_type']);
            const subject = String(headers?.['ce_subject']);
            if (group === 'live' && type === 'ticket.generated') hear(subject);
            return (says[type] ?? []).map((next) =>
              eventLike(sampleOf.get(next), String(key), subject),
            );
          });
          if (said.length > 0) await producer.sendBatch({ topicMessages: byTopic(said) });
        },
      });
      await joined;
      return consumer;
    }),
  );

  let waiting: { event: { topic: string; message: Message }; done: () => void }[] = [];
  const send = async (): Promise<void> => {
    const sent = waiting;
    waiting = [];
    await producer.sendBatch({ topicMessages: byTopic(sent.map(({ event }) => event)) });
    for (const { done } of sent) done();
  };

  return {
    open: () => Promise.resolve(),
    request: ({ showId, section }) => {
      const bookingId = randomUUID();
      const event = eventLike(sampleOf.get('booking.requested'), `${showId}/${section}`, bookingId);
      return new Promise((resolve) => {
        if (waiting.push({ event, done: () => resolve(bookingId) }) === 1) {
          setImmediate(() => void send());
        }
      });
    },
    onTicket: (told) => (hear = told),
    close: async () => {
      await Promise.all(consumers.map((consumer) => consumer.disconnect()));
      await producer.disconnect();
    },
  };
};
