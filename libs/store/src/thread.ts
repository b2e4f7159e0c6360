import { Worker } from 'node:worker_threads';
import type { SqliteStoreOptions } from './sqlite.ts';
import { type Store, StoreUnavailable } from './store.ts';
import { type Call, makeOpening, type Reply, type ToThread, whyNotOpened } from './thread/calls.ts';

/** A thread in which SQLite stores live, so that nobody else waits for their disk. */
export interface StoreThread {
  /**
   * Opens a store there.
   * @throws StoreUnavailable if it cannot be opened
   */
  open(options: SqliteStoreOptions): Store;
  /** Ends the thread, after the stores were closed by who opened them. */
  end(): Promise<void>;
}

const openingMs = 10_000;
/** Under load a turn of the event loop is long: the thread is not kept waiting for its end. */
const callsAtOnce = 64;

/** Every method of a store: each is a promise of something that is JSON. */
const methods = {
  append: true,
  load: true,
  find: true,
  snapshot: true,
  saveSnapshot: true,
  file: true,
  due: true,
  unfile: true,
  park: true,
  parked: true,
  unpark: true,
  keep: true,
  facts: true,
  drop: true,
  once: true,
  known: true,
  close: true,
} as const satisfies Record<keyof Store, true>;

interface Caller {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Starts the thread. It does not keep a process alive by itself. */
export const storeThread = (): StoreThread => {
  const worker = new Worker(new URL('./thread/worker.ts', import.meta.url));
  worker.unref();
  const callers = new Map<number, Caller>();
  let outgoing: string[] = [];
  let calls = 0;
  let stores = 0;
  let ending = false;
  let broken: StoreUnavailable | null = null;

  const post = (message: ToThread): void => worker.postMessage(message);

  const flush = (): void => {
    if (outgoing.length > 0) post({ calls: outgoing });
    outgoing = [];
  };

  const call = (store: number, method: keyof Store, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (broken !== null) return reject(broken);
      const id = (calls += 1);
      // What JSON cannot hold throws here, and is this call's failure alone.
      const text = JSON.stringify({ id, store, method, args } satisfies Call);
      callers.set(id, { resolve, reject });
      // While an answer is awaited the process has something to live for.
      if (callers.size === 1) worker.ref();
      const waiting = outgoing.push(text);
      if (waiting === 1) setImmediate(flush);
      if (waiting === callsAtOnce) flush();
    });

  const hear = (reply: Reply): void => {
    const caller = callers.get(reply.id);
    callers.delete(reply.id);
    if (!('message' in reply)) return caller?.resolve(reply.result);
    const { message, code } = reply;
    caller?.reject(code === null ? new Error(message) : new StoreUnavailable(message));
  };

  const breakDown = (cause: unknown): void => {
    // An error is followed by the exit.
    if (broken !== null) return;
    const why = cause instanceof Error ? cause.message : String(cause);
    broken = new StoreUnavailable(`The thread of the stores ended: ${why}. Start again.`, {
      cause,
    });
    for (const { reject } of callers.values()) reject(broken);
    callers.clear();
    // Nothing can be stored any more: the process ends, and whoever watches it starts another.
    if (!ending) throw broken;
  };

  worker.on('message', (replies: readonly string[]) => {
    for (const reply of replies) hear(JSON.parse(reply) as Reply);
    if (callers.size === 0) worker.unref();
  });
  worker.once('error', breakDown);
  worker.once('exit', (code) => breakDown(`exit code ${code}`));

  return {
    open: (options) => {
      if (broken !== null) throw broken;
      const store = (stores += 1);
      const opening = makeOpening();
      post({ open: store, options, opening });
      const why = whyNotOpened(opening, openingMs);
      if (why !== '') throw new StoreUnavailable(why);
      const entries = Object.keys(methods).map((method) => [
        method,
        (...args: unknown[]) => call(store, method as keyof Store, args),
      ]);
      return Object.fromEntries(entries) as unknown as Store;
    },
    end: async () => {
      ending = true;
      await worker.terminate();
    },
  };
};
