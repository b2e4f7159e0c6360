import { join } from 'node:path';
import { type Log, LogUnavailable, sqliteLog } from '@ensemble/log';
import { type Store, storeThread, StoreUnavailable } from '@ensemble/store';
import { CannotStart, cannotUse } from './cannot-start.ts';
import type { Config } from './config.ts';

/** The log of a process, and the store of each of its services. */
export interface Adapters {
  readonly log: Log;
  /** Each service has its own, and the same each time. */
  storeOf(service: string): Store;
  /** After everything that uses them was stopped. */
  close(): Promise<void>;
}

const openedAt = <Port>(file: string, open: () => Port): Port => {
  try {
    return open();
  } catch (cause) {
    throw cause instanceof LogUnavailable || cause instanceof StoreUnavailable
      ? new CannotStart(cause.message, { cause })
      : cannotUse(file, cause);
  }
};

/**
 * Opens what the environment decides on: by default SQLite, one file for the log and one for each
 * service. The one place that knows which adapters there are.
 * @throws CannotStart if a file cannot be opened
 */
export const openAdapters = ({
  ENSEMBLE_DATA: dir,
  PARTITIONS: partitions,
}: Pick<Config, 'ENSEMBLE_DATA' | 'PARTITIONS'>): Adapters => {
  const logFile = join(dir, 'log.sqlite');
  const log = openedAt(logFile, () => sqliteLog({ file: logFile, partitions }));
  // Two cores are worth more than one: the services decide on one, the other stores.
  const thread = storeThread();
  const stores = new Map<string, Store>();
  return {
    log,
    storeOf: (service) => {
      const file = join(dir, `${service}.sqlite`);
      const store = stores.get(service) ?? openedAt(file, () => thread.open({ file }));
      stores.set(service, store);
      return store;
    },
    close: async () => {
      await Promise.all([log, ...stores.values()].map((each) => each.close()));
      await thread.end();
    },
  };
};
