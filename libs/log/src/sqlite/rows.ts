import type { Database } from '@ensemble/sqlite';
import type { LogRecord } from '../log.ts';

interface Row {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly headers: string;
  readonly value: Uint8Array | null;
}

/** Reads records of a topic, known by its id, from the file: from an offset on, at most `limit`. */
export type ReadRows = (
  topic: { readonly name: string; readonly id: number },
  partition: number,
  from: number,
  limit: number,
) => LogRecord[];

export const openRows = (db: Pick<Database, 'prepare'>): ReadRows => {
  const select = db.prepare(
    `SELECT offset, timestamp, key, headers, value FROM records
     WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?`,
  );
  return ({ name, id }, partition, from, limit) =>
    (select.all(id, partition, from, limit) as unknown as Row[]).map(({ headers, ...row }) => ({
      ...row,
      topic: name,
      partition,
      headers: JSON.parse(headers) as Record<string, string>,
    }));
};
