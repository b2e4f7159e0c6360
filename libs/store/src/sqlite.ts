import type { SqliteThread } from '@ensemble/sqlite';
import { rowMethods, type Rows } from './sqlite/rows.ts';
import { storeKind } from './sqlite/schema.ts';
import { storeOver } from './sqlite/store-over.ts';
import { open } from './sqlite/tables.ts';
import type { Store } from './store.ts';

export interface SqliteStoreOptions {
  /** Path of the database; its directory must exist. */
  readonly file: string;
  /** The file's largest size in MiB; beyond it the store answers as on a full disk. */
  readonly maxMb?: number;
}

/**
 * A store in one SQLite file. Writes pending at one moment are one transaction and one fsync.
 * @param thread where the file is, so that nobody here waits for its disk; without one it is here
 * @throws StoreUnavailable if it cannot be opened
 */
export const sqliteStore = (options: SqliteStoreOptions, thread?: SqliteThread): Store => {
  if (thread === undefined) return storeOver(open(options));
  const module = import.meta.resolve('./sqlite/tables.ts');
  return storeOver(thread.open<Rows>(storeKind, { module, options, methods: rowMethods }));
};
