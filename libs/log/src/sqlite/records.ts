import type { Records } from '../delivery/records.ts';
import type { Log, LogRecord, NewRecord } from '../log.ts';
import { partitionOf } from '../partition.ts';
import type { Database } from '@ensemble/sqlite';
import { openRows } from './rows.ts';
import { openTail } from './tail.ts';
import { openTopics } from './topics.ts';

/** The topics and records of a file. */
export interface StoredRecords extends Records {
  readonly declare: Log['declare'];
  /** Resolves to the records as stored. */
  readonly append: (records: readonly NewRecord[]) => Promise<readonly LogRecord[]>;
}

const TAIL_RECORDS = 20_000;

/** Opens the records of a file; what is appended from now on is kept in memory for a while. */
export const openRecords = (
  db: Database,
  { partitions, now }: { partitions: number; now: () => number },
): StoredRecords => {
  const insert = db.prepare(
    `INSERT INTO records (topic, partition, offset, timestamp, key, headers, value)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const dropOlder = db.prepare(
    'DELETE FROM records WHERE topic = ? AND partition = ? AND offset < ? AND key = ?',
  );
  const rows = openRows(db);
  const topics = openTopics(db, partitions);
  const tail = openTail(TAIL_RECORDS);

  const store = (record: NewRecord, headers: string): LogRecord => {
    const { id, compacted, ends } = topics.get(record.topic);
    const { key, value } = record;
    const partition = record.partition ?? partitionOf(key, partitions);
    const offset = ends[partition] ?? 0;
    const timestamp = now();
    insert.run(id, partition, offset, timestamp, key, headers, value);
    // Walks the partition: a compacted topic is one of few keys.
    if (compacted && key !== null) dropOlder.run(id, partition, offset, key);
    ends[partition] = offset + 1;
    return { ...record, partition, offset, timestamp };
  };

  const load = (name: string, partition: number, from: number, limit: number): LogRecord[] => {
    const id = topics.find(name)?.id;
    return id === undefined ? [] : rows({ name, id }, partition, from, limit);
  };

  return {
    partitions,
    names: topics.names,
    end: (topic, partition) => topics.find(topic)?.ends[partition] ?? 0,
    slice: (...range) => tail.slice(...range) ?? load(...range),
    declare: topics.declare,
    async append(records) {
      const headers = records.map((record) => JSON.stringify(record.headers));
      for (const { topic } of records) topics.get(topic);
      const stored = await db.write(() =>
        records.map((record, index) => store(record, headers[index] ?? '{}')),
      );
      for (const record of stored) if (!topics.get(record.topic).compacted) tail.add(record);
      return stored;
    },
  };
};
