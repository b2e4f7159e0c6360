import {
  type Db,
  type DbOptions,
  MongoClient,
  type MongoClientOptions,
  ReadConcern,
  WriteConcern,
} from 'mongodb';
import { COMMITS, commitsIn } from './mongo/commits.ts';
import { mongoDatabase } from './mongo/database.ts';
import { factsIn } from './mongo/facts.ts';
import { knownIn } from './mongo/known.ts';
import { PARKED, parkedIn } from './mongo/parked.ts';
import { snapshotsIn } from './mongo/snapshots.ts';
import { TO_DOS, toDosIn } from './mongo/to-dos.ts';
import type { Store } from './store.ts';

export interface MongoStoresOptions {
  /**
   * Where the server is (`mongodb://…`), or where it is for a service: as different users, say.
   * Concerns and preferences in the URL are not heard: ours hold.
   */
  readonly url: string | ((service: string) => string);
}

/** The stores of one process on MongoDB; they share connections where they share a URL. */
export interface MongoStores {
  /**
   * A store in the database `ensemble_<service>`. The server need not be there yet: calls reject
   * with StoreUnavailable until it is.
   * @throws if the URL is none of MongoDB's
   */
  open(service: string): Store;
  /** Closes the connections, after the stores were closed by who opened them. */
  end(): Promise<void>;
}

/** A server that is away, or silent, is noticed within five seconds. */
const clientOptions = {
  serverSelectionTimeoutMS: 2_500,
  connectTimeoutMS: 2_000,
  socketTimeoutMS: 3_500,
  waitQueueTimeoutMS: 3_500,
  maxPoolSize: 20,
  // Whoever calls tries again, and the keys make that safe on every server.
  retryReads: false,
  retryWrites: false,
} as const satisfies MongoClientOptions;

const databaseOptions: DbOptions = {
  // A majority that is not there is an unknown outcome, told before the socket gives up.
  writeConcern: new WriteConcern('majority', 3_000, true),
  readConcern: new ReadConcern('majority'),
  readPreference: 'primary',
};

/** Stores on MongoDB 5 or newer, standalone or a replica set. */
export const mongoStores = ({ url }: MongoStoresOptions): MongoStores => {
  const clients = new Map<string, MongoClient>();

  const clientOf = (service: string): MongoClient => {
    const at = typeof url === 'string' ? url : url(service);
    const client = clients.get(at) ?? new MongoClient(at, clientOptions);
    clients.set(at, client);
    return client;
  };

  return {
    open(service) {
      const client = clientOf(service);
      const name = `ensemble_${service}`;
      const store = `${name} on ${client.options.hosts.join(', ')}`;
      const own = client.db(name, databaseOptions);
      const db = mongoDatabase(own, { prepare: () => prepare(client, own), store });
      const toDos = toDosIn(db);
      return {
        ...commitsIn(db, toDos),
        ...snapshotsIn(db),
        ...toDos,
        ...parkedIn(db),
        ...factsIn(db),
        ...knownIn(db),
        close: db.close,
      };
    },
    async end() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
};

const prepare = async (client: MongoClient, db: Db): Promise<void> => {
  // By itself the driver connects once; where that failed it would answer nothing for ever.
  await client.connect();
  // Whatever else is asked for is found by `_id`.
  await Promise.all([
    db.createIndex(COMMITS, { stream: 1, cause: 1 }, { name: 'causes', unique: true }),
    db.createIndex(TO_DOS, { of: 1 }, { name: 'of' }),
    db.createIndex(TO_DOS, { partition: 1, dueAt: 1 }, { name: 'due' }),
    db.createIndex(PARKED, { of: 1 }, { name: 'of' }),
    db.createIndex(PARKED, { partition: 1 }, { name: 'parked_in' }),
  ]);
};
