import { mustBeDeclared, mustBeDeclaredAlike } from './declarations.ts';
import { offsetsOf } from './delivery/records.ts';
import type { Log, LogRecord, NewRecord, TopicDeclaration } from './log.ts';
import { type MemoryLogData, memoryLogData } from './memory-data.ts';
import { partitionOf } from './partition.ts';

/** A log in memory: nothing survives the process. Several ports may share the same data. */
export const memoryLog = (data: MemoryLogData = memoryLogData()): Log => {
  const { partitions, topics, records, progress, delivery } = data;

  /** Does something in a later turn; the dead do nothing and hear nothing. */
  const perform = <Result>(task: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      data.schedule(() => {
        if (data.dead.has(port)) return;
        try {
          resolve(task());
        } catch (error) {
          reject(error);
        }
      });
    });

  const declare = ({ name, compacted = false }: TopicDeclaration): void => {
    const topic = topics.get(name);
    if (topic) return mustBeDeclaredAlike(name, topic.compacted, compacted);
    const byPartition = <T>(make: () => T): T[] => Array.from({ length: partitions }, make);
    topics.set(name, { compacted, records: byPartition(() => []), ends: byPartition(() => 0) });
  };

  const store = (record: NewRecord): LogRecord => {
    const { compacted, records, ends } = mustBeDeclared(topics, record.topic);
    const partition = record.partition ?? partitionOf(record.key, partitions);
    const offset = ends[partition] ?? 0;
    const stored = { ...record, partition, offset, timestamp: data.now() };
    const before = records[partition] ?? [];
    const isOutdated = ({ key }: LogRecord): boolean => key !== null && key === record.key;
    if (!compacted) before.push(stored);
    else records[partition] = [...before.filter((each) => !isOutdated(each)), stored];
    ends[partition] = offset + 1;
    return stored;
  };

  const port: Log = {
    partitions,
    declare: (declared) => perform(() => declared.forEach(declare)),
    topics: () => perform(() => records.names()),
    append: (fresh) =>
      perform(() => {
        for (const { topic } of fresh) mustBeDeclared(topics, topic);
        delivery.wake(fresh.map(store));
      }),
    consume(options) {
      const member = delivery.consume(options);
      data.members.set(member, port);
      return {
        joined: member.joined,
        async stop(how) {
          await member.stop(how);
          data.members.delete(member);
        },
      };
    },
    read(options) {
      const reader = delivery.read(options);
      data.readers.set(reader, port);
      return {
        ...reader,
        async stop() {
          data.readers.delete(reader);
          await reader.stop();
        },
      };
    },
    ends: (names) => perform(() => offsetsOf(names, partitions, records.end)),
    committed: (group, names) =>
      perform(() =>
        offsetsOf(names, partitions, (topic, partition) =>
          progress.committed(group, topic, partition),
        ),
      ),
    close: async () => {},
  };
  return port;
};
