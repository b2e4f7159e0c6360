/** Opens the tables of a store; also by itself in a thread, which finds it by the name `open`. */
import { openDatabase } from '@ensemble/sqlite';
import type { SqliteStoreOptions } from '../sqlite.ts';
import { commitsIn } from './commits.ts';
import { factsIn } from './facts.ts';
import { knownIn } from './known.ts';
import { parkedIn } from './parked.ts';
import type { Rows } from './rows.ts';
import { storeKind } from './schema.ts';
import { snapshotsIn } from './snapshots.ts';
import { toDosIn } from './to-dos.ts';

const CACHE_MB = 64;

export const open = ({ file, maxMb }: SqliteStoreOptions): Rows => {
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
