import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConformance, type StoreHarness } from './conformance.ts';
import { memoryStoreData } from './memory-data.ts';
import { memoryStore } from './memory.ts';
import { sqliteStore, type SqliteStoreOptions, threadedSqliteStore } from './sqlite.ts';
import type { Store } from './store.ts';

storeConformance('memory', () => {
  const data = memoryStoreData();
  return {
    open: async () => memoryStore(data),
    reopen: async () => memoryStore(data),
    cleanup: async () => {},
  };
});

const onDisk = (openStore: (options: SqliteStoreOptions) => Store) => (): StoreHarness => {
  const directory = mkdtempSync(join(tmpdir(), 'ensemble-store-'));
  let store: Store;
  const open = async (): Promise<Store> => {
    store = openStore({ file: join(directory, 'store.sqlite') });
    return store;
  };
  return {
    open,
    async reopen() {
      await store.close();
      return open();
    },
    async cleanup() {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
};

storeConformance('sqlite', onDisk(sqliteStore));
storeConformance(
  'sqlite in a thread',
  onDisk((options) => threadedSqliteStore(options)()),
);
