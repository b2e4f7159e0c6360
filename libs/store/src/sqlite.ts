import { type SqliteThread, sqliteThread } from '@ensemble/sqlite';
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
 * @throws StoreUnavailable if it cannot be opened
 */
export const sqliteStore = (options: SqliteStoreOptions): Store => storeOver(open(options));

/**
 * The same in a thread of its own, which ends when it is closed: who calls does not wait for the
 * disk, and what stores must have on it they wait for side by side. Begins to open it; what is
 * returned waits until that is done.
 * @throws StoreUnavailable, when it is waited for, if it cannot be opened
 */
export const threadedSqliteStore = (options: SqliteStoreOptions): (() => Store) => {
  const thread = sqliteThread();
  const module = import.meta.resolve('./sqlite/tables.ts');
  const opened = thread.begin<Rows>(storeKind, { module, options, methods: rowMethods });
  return () => {
    const store = storeOver(orEnd(thread, opened));
    return {
      ...store,
      close: async () => {
        await store.close();
        await thread.end();
      },
    };
  };
};

const orEnd = <Opened>(thread: SqliteThread, opened: () => Opened): Opened => {
  try {
    return opened();
  } catch (error) {
    void thread.end();
    throw error;
  }
};
