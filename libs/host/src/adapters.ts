import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Log, LogUnavailable, type ReadLog, readSqliteLog, sqliteLog } from '@ensemble/log';
import { threadedSqliteStore, type Store, StoreUnavailable } from '@ensemble/store';
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

/** What adapters tell of. */
export interface AdaptersTold {
  /** What went wrong, was dealt with, and will be tried again. */
  warn(what: string, error: unknown): void;
}

type Settings = Pick<
  Config,
  'ENSEMBLE_DATA' | 'PARTITIONS' | 'KAFKA_BROKERS' | 'KAFKA_SSL' | 'KAFKA_SASL' | 'MONGODB_URL'
>;

interface Stores {
  /** Begins to open a store; what is returned waits until that is done. */
  open(service: string): () => Store;
  end(): Promise<void>;
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

/** What is in a file would be forgotten, and done again elsewhere. */
const refuseLeftBehind = (file: string, variable: string): void => {
  if (!existsSync(file)) return;
  throw new CannotStart(
    `${file} was used without ${variable}: expected a data directory without it. Leave ${variable} ` +
      'out to go on with what is there, or name another directory in ENSEMBLE_DATA',
  );
};

const logFile = ({ ENSEMBLE_DATA: dir }: Pick<Settings, 'ENSEMBLE_DATA'>): string =>
  join(dir, 'log.sqlite');

const openLog = async (settings: Settings, told: AdaptersTold): Promise<Log> => {
  const file = logFile(settings);
  const { PARTITIONS: partitions, KAFKA_BROKERS: brokers } = settings;
  if (brokers === undefined) return openedAt(file, () => sqliteLog({ file, partitions }));
  refuseLeftBehind(file, 'KAFKA_BROKERS');
  return openKafka(brokers, settings, told);
};

/**
 * Opens the log to look on, in a thread that writes nothing there: the file of a log that is open
 * elsewhere in this process, or Kafka.
 * @throws CannotStart if there is no such file
 */
export const openReadLog = async (settings: Settings, told: AdaptersTold): Promise<ReadLog> => {
  const file = logFile(settings);
  const { PARTITIONS: partitions, KAFKA_BROKERS: brokers } = settings;
  if (brokers === undefined) return openedAt(file, () => readSqliteLog({ file, partitions }));
  return openKafka(brokers, settings, told);
};

const openKafka = async (
  brokers: readonly string[],
  settings: Settings,
  { warn }: AdaptersTold,
): Promise<Log> => {
  const { PARTITIONS: partitions } = settings;
  const { kafkaLog } = await import('@ensemble/log/kafka');
  return kafkaLog({
    brokers,
    partitions,
    clientId: `ensemble-${hostname()}-${process.pid}`,
    ssl: settings.KAFKA_SSL,
    ...(settings.KAFKA_SASL && { sasl: settings.KAFKA_SASL }),
    // Nobody catches it, so the process ends, and whoever watches it starts another.
    onStuck: (reason) => {
      throw new Error(reason);
    },
    onTrouble: ({ kind, message, cause }) => warn(`Kafka: ${kind}: ${message}`, cause),
  });
};

const openStores = async ({ ENSEMBLE_DATA: dir, MONGODB_URL: url }: Settings): Promise<Stores> => {
  const fileOf = (service: string): string => join(dir, `${service}.sqlite`);
  if (url === undefined) {
    return {
      open: (service) => {
        const file = fileOf(service);
        const opened = threadedSqliteStore({ file });
        return () => openedAt(file, opened);
      },
      end: () => Promise.resolve(),
    };
  }
  const { mongoStores } = await import('@ensemble/store/mongo');
  const stores = mongoStores({ url: (service) => url.replaceAll('{service}', service) });
  return {
    open: (service) => () => {
      refuseLeftBehind(fileOf(service), 'MONGODB_URL');
      return stores.open(service);
    },
    end: () => stores.end(),
  };
};

/**
 * Opens what the environment decides on: SQLite files in the data directory, one for the log and
 * one for each service, or Kafka, or MongoDB. The one place that knows which adapters there are.
 * Servers need not be there yet: calls are rejected until they are.
 * @param services whose stores are opened at once, side by side; those of others when asked for
 * @throws CannotStart if a file cannot be opened, or was used without the server that is set now
 */
export const openAdapters = async (
  settings: Settings,
  told: AdaptersTold,
  services: readonly string[] = [],
): Promise<Adapters> => {
  const log = await openLog(settings, told);
  const opener = await openStores(settings);
  const begun = new Map(services.map((service) => [service, opener.open(service)]));
  const stores = new Map<string, Store>();
  return {
    log,
    storeOf: (service) => {
      const store = stores.get(service) ?? (begun.get(service) ?? opener.open(service))();
      stores.set(service, store);
      return store;
    },
    close: async () => {
      // What was begun and never asked for is open all the same, unless it could not be opened.
      for (const [service, opened] of begun) {
        if (stores.has(service)) continue;
        try {
          stores.set(service, opened());
        } catch (error) {
          if (!(error instanceof CannotStart)) throw error;
        }
      }
      await Promise.all([log, ...stores.values()].map((each) => each.close()));
      await opener.end();
    },
  };
};
