import { readDatabase } from '@ensemble/sqlite';
import { offsetsOf, type Records } from './delivery/records.ts';
import { type LocalReader, startReader } from './delivery/reader.ts';
import { timing } from './delivery/timing.ts';
import type { Log } from './log.ts';
import { openRows } from './sqlite/rows.ts';
import { logKind } from './sqlite/schema.ts';
import { topicsIn } from './sqlite/topics.ts';

/** A log as who only looks on sees it: nothing can be appended, and no group be joined. */
export type ReadLog = Pick<Log, 'partitions' | 'topics' | 'read' | 'ends' | 'committed' | 'close'>;

/** How often the file is asked whether it changed, in milliseconds. */
const lookMs = 50;

/**
 * Looks on at a log in a SQLite file that another thread or process writes, and costs it nothing.
 * What groups have committed is seen as soon as it is in the file, a little later than it was done.
 * @throws LogUnavailable if the file is not there
 */
export const readSqliteLog = ({
  file,
  partitions,
}: {
  readonly file: string;
  readonly partitions: number;
}): ReadLog => {
  const db = readDatabase(logKind, file);
  const rows = openRows(db);
  const readTopics = topicsIn(db);
  const selectProgress = db.prepare(
    'SELECT offset FROM progress WHERE "group" = ? AND topic = ? AND partition = ?',
  );
  const time = timing();
  const readers = new Set<LocalReader>();

  let version = db.version();
  let topics = readTopics();

  /** Looks whether there is more, and tells the readers. */
  const look = (): void => {
    const found = db.version();
    if (found === version) return;
    version = found;
    const before = topics;
    topics = readTopics();
    for (const [name, { ends }] of topics) {
      for (const [partition, end] of ends.entries()) {
        if (end <= (before.get(name)?.ends[partition] ?? 0)) continue;
        for (const reader of readers) reader.wake(name, partition);
      }
    }
  };

  const timer = setInterval(() => {
    try {
      look();
    } catch {
      // Who asks is told; the readers wait until the file can be read again.
    }
  }, lookMs).unref();

  const records: Records = {
    partitions,
    names: () => [...topics.keys()].sort(),
    end: (topic, partition) => topics.get(topic)?.ends[partition] ?? 0,
    slice: (name, partition, from, limit) => {
      const id = topics.get(name)?.id;
      return id === undefined ? [] : rows({ name, id }, partition, from, limit);
    },
  };

  const now = <Result>(query: () => Result): Promise<Result> =>
    db.read(() => {
      look();
      return query();
    });

  return {
    partitions,
    topics: () => now(records.names),
    ends: (names) => now(() => offsetsOf(names, partitions, records.end)),
    committed: (group, names) =>
      now(() =>
        offsetsOf(names, partitions, (...place) =>
          Number(selectProgress.get(group, ...place)?.['offset'] ?? 0),
        ),
      ),
    read: (options) => {
      look();
      const reader = startReader(records, time, options);
      readers.add(reader);
      return {
        ...reader,
        stop: async () => {
          readers.delete(reader);
          await reader.stop();
        },
      };
    },
    close: async () => {
      clearInterval(timer);
      await db.close();
    },
  };
};
