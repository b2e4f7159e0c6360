import type { Consumer, Log, Reader } from './log.ts';
import { joinGroup } from './kafka/member.ts';
import { openOffsets } from './kafka/offsets.ts';
import { openProducer } from './kafka/producer.ts';
import { readTopics } from './kafka/reader.ts';
import { type KafkaLogOptions, settingsOf } from './kafka/settings.ts';
import { openTopics } from './kafka/topics.ts';

export type { KafkaLogOptions, Limits, Sasl, Trouble } from './kafka/settings.ts';

/**
 * A log on Apache Kafka, by kafkajs. Opens nothing until it is used; calls are rejected while Kafka
 * is away, consumers and readers wait for it. What kafkajs needs to be guarded against, and how:
 * docs/kafkajs.md.
 */
export const kafkaLog = (options: KafkaLogOptions): Log => {
  const settings = settingsOf(options);
  const topics = openTopics(settings);
  const offsets = openOffsets(settings);
  const producer = openProducer(settings, topics.has);
  const heard = new Map<string, { readonly topics: string; members: number }>();

  /** Kafka would leave unread what only some of them hear where the others are at home. */
  const enter = (group: string, topicsHeard: string): (() => void) => {
    const found = heard.get(group);
    if (found && found.members > 0 && found.topics !== topicsHeard)
      throw new Error(
        `Members of group "${group}" hear ${found.topics} and ${topicsHeard} in one process: ` +
          'all members of a group hear the same topics.',
      );
    const entry = found?.topics === topicsHeard ? found : { topics: topicsHeard, members: 0 };
    heard.set(group, entry);
    entry.members += 1;
    return () => void (entry.members -= 1);
  };

  return {
    partitions: settings.partitions,
    declare: topics.declare,
    topics: topics.names,
    append: producer.append,
    consume(consumer): Consumer {
      const exit = enter(consumer.group, consumer.topics.toSorted().join());
      const member = joinGroup(settings, consumer, offsets);
      return {
        joined: member.joined,
        async stop(how) {
          await member.stop(how);
          exit();
        },
      };
    },
    read: (reading): Reader => readTopics({ settings, topics, offsets }, reading),
    ends: offsets.ends,
    committed: offsets.committed,
    async close() {
      producer.close();
      topics.close();
      offsets.close();
    },
  };
};
