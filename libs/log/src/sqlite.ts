import { openDelivery } from './delivery/delivery.ts';
import { offsetsOf } from './delivery/records.ts';
import { timing } from './delivery/timing.ts';
import type { Log } from './log.ts';
import { openDatabase } from '@ensemble/sqlite';
import { openProgress } from './sqlite/progress.ts';
import { openRecords } from './sqlite/records.ts';
import { logKind } from './sqlite/schema.ts';

export interface SqliteLogOptions {
  /** Path of the database; its directory must exist. */
  readonly file: string;
  readonly partitions: number;
  /** Milliseconds since 1970 UTC. Default: the system's clock. */
  readonly now?: () => number;
  /** The file's largest size in MiB; beyond it the log answers as on a full disk. */
  readonly maxMb?: number;
}

const CACHE_MB = 16;

/** A log in one SQLite file, for the services of one process. */
export const sqliteLog = ({ file, partitions, now, maxMb }: SqliteLogOptions): Log => {
  const time = timing({ ...(now && { now }) });
  const db = openDatabase(logKind, { file, cacheMb: CACHE_MB, maxMb });
  const records = openRecords(db, { partitions, now: time.now });
  const progress = openProgress(db, time);
  const delivery = openDelivery({ records, progress, timing: time });

  return {
    partitions,
    declare: records.declare,
    topics: async () => records.names(),
    append: async (fresh) => delivery.wake(await records.append(fresh)),
    consume(options) {
      const member = delivery.consume(options);
      return {
        joined: member.joined,
        async stop(how) {
          await member.stop(how);
          await progress.flush();
        },
      };
    },
    read: delivery.read,
    ends: async (topics) => offsetsOf(topics, partitions, records.end),
    committed: async (group, topics) =>
      offsetsOf(topics, partitions, (topic, partition) =>
        progress.committed(group, topic, partition),
      ),
    async close() {
      try {
        await progress.flush();
      } finally {
        await db.close();
      }
    },
  };
};
