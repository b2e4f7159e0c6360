import type { Collection, Db } from 'mongodb';
import { StoreUnavailable } from '../store.ts';
import { type GroupsOptions, groups } from './groups.ts';
import { insert, type Keyed } from './inserts.ts';
import { turns } from './turns.ts';
import { unavailability } from './unavailable.ts';

/** A database of MongoDB: read at once, written in groups. */
export interface MongoDatabase {
  readonly collection: <Document extends Keyed>(name: string) => Collection<Document>;
  /**
   * Asks something.
   * @throws StoreUnavailable
   */
  readonly ask: <Result>(task: () => Promise<Result>) => Promise<Result>;
  /**
   * A writer whose calls, where they are pending together, travel together.
   * @param options `rest`: how long to gather after a group, as a multiple of what it took
   */
  readonly inGroups: <Call, Result>(
    options: Omit<GroupsOptions<Call, Result>, 'isShared' | 'restMs'> & { rest?: number },
  ) => (call: Call) => Promise<Result>;
  /** A writer of documents that are not there yet. */
  readonly adder: <Document extends Keyed>(
    name: string,
  ) => (documents: readonly Document[]) => Promise<void>;
  /** Does something that takes several steps: what was begun is done whole, also when it is closed. */
  readonly whole: <Result>(task: () => Promise<Result>) => Promise<Result>;
  /** Does what is pending, and takes nothing more. */
  readonly close: () => Promise<void>;
}

/** The most documents in one request: few enough to be answered soon, many enough to be cheap. */
export const REQUEST_LIMIT = 200;

/**
 * Groups follow each other half of the time. Measured under load: a third less of the processor for
 * a booking than one after the other, for a request costs as much as thirty documents in it.
 */
const REST = 1;
/** A slow group is no reason to keep those behind it for long. */
const LONGEST_REST_MS = 900;

/**
 * Questions under way at once. A server that is slow answers few of them soon; many it would answer
 * when each has been given up and asked again, which makes it slower still.
 */
const QUESTIONS_AT_ONCE = 4;

/** The driver waits for a server, a connection and an answer in turn: together no longer than this. */
const DEADLINE_MS = 4_000;

/**
 * @param db a database, with the concerns that hold for all it is asked
 * @param prepare connects and makes the indexes; done before all else, and again if it failed
 * @param store what people call it
 */
export const mongoDatabase = (
  db: Db,
  { prepare, store }: { prepare: () => Promise<void>; store: string },
): MongoDatabase => {
  const failed = unavailability(store);
  const settling: (() => Promise<void>)[] = [];
  const questions = turns(QUESTIONS_AT_ONCE);
  let isClosed = false;
  const underWay = new Set<Promise<unknown>>();
  let prepared: Promise<void> | null = null;

  const ready = (): Promise<void> => {
    prepared ??= prepare().catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    return prepared;
  };

  const attempt = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    try {
      return await withDeadline(async () => {
        await ready();
        return task();
      });
    } catch (error) {
      throw failed(error);
    }
  };

  /** What is given up goes on unheard; its outcome is unknown. */
  const withDeadline = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const why = `no answer within ${DEADLINE_MS / 1_000} s.`;
      reject(new StoreUnavailable(`The store ${store} is unavailable: ${why}`));
    }, DEADLINE_MS);
    try {
      return await Promise.race([task(), late]);
    } finally {
      clearTimeout(timer);
    }
  };

  const ask = async <Result>(task: () => Promise<Result>): Promise<Result> =>
    questions.take(async () => {
      try {
        return await attempt(task);
      } catch (error) {
        // Those behind would wait as long again for the same answer.
        if (error instanceof StoreUnavailable) questions.refuse(error);
        throw error;
      }
    });

  const closed = (): Promise<never> =>
    Promise.reject(new StoreUnavailable(`The store ${store} is unavailable: it was closed.`));

  const inGroups: MongoDatabase['inGroups'] = ({ rest = REST, ...options }) => {
    const { add, settled } = groups({
      ...options,
      restMs: (tookMs) => Math.min(rest * tookMs, LONGEST_REST_MS),
      isShared: (error) => error instanceof StoreUnavailable,
      send: (calls) => attempt(() => options.send(calls)),
    });
    settling.push(settled);
    return (call) => (isClosed && underWay.size === 0 ? closed() : add(call));
  };

  return {
    collection: (name) => db.collection(name),
    ask: (task) => (isClosed ? closed() : ask(task)),
    inGroups,
    adder: <Document extends Keyed>(name: string) => {
      const collection = db.collection<Document>(name);
      return inGroups<readonly Document[], void>({
        limit: REQUEST_LIMIT,
        weightOf: (documents) => documents.length,
        async send(calls) {
          const documents = firstOfEach(calls.flat());
          if (documents.length > 0) await insert(collection, documents, { ordered: false });
          return calls.map(() => undefined);
        },
      });
    },
    async whole(task) {
      if (isClosed) return closed();
      const done = task();
      underWay.add(done);
      try {
        return await done;
      } finally {
        underWay.delete(done);
      }
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
      await Promise.all(settling.map((settled) => settled()));
    },
  };
};

/** Of those with the same key the first, which is the one to stand. */
const firstOfEach = <Document extends Keyed>(documents: readonly Document[]): Document[] => [
  ...new Map(documents.toReversed().map((document) => [document._id, document])).values(),
];
