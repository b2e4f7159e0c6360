import { commitsIn } from './sqlite/commits.ts';
import { openDatabase } from '@ensemble/sqlite';
import { factsIn } from './sqlite/facts.ts';
import { knownIn } from './sqlite/known.ts';
import { parkedIn } from './sqlite/parked.ts';
import { storeKind } from './sqlite/schema.ts';
import { snapshotsIn } from './sqlite/snapshots.ts';
import { toDosIn } from './sqlite/to-dos.ts';
import type { Store } from './store.ts';

export interface SqliteStoreOptions {
  /** Path of the database; its directory must exist. */
  readonly file: string;
  /** The file's largest size in MiB; beyond it the store answers as on a full disk. */
  readonly maxMb?: number;
}

const CACHE_MB = 64;

/** A store in one SQLite file. Writes pending at one moment are one transaction and one fsync. */
export const sqliteStore = ({ file, maxMb }: SqliteStoreOptions): Store => {
  const db = openDatabase(storeKind, { file, cacheMb: CACHE_MB, maxMb });
  const { insertToDos, ...toDos } = toDosIn(db);
  return {
    ...commitsIn(db, insertToDos),
    ...snapshotsIn(db),
    ...toDos,
    ...parkedIn(db),
    ...factsIn(db),
    ...knownIn(db),
    close: db.close,
  };
};
