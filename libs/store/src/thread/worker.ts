/** The thread of `storeThread`: the stores are here, the callers elsewhere. */
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import { sqliteStore } from '../sqlite.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { type Call, type Reply, tellOpened, type ToThread } from './calls.ts';

const stores = new Map<number, Store>();

const replies: string[] = [];
/**
 * The answers of one transaction travel together, and before the next store's begins: the callers
 * have something to do meanwhile.
 */
const reply = (answer: Reply): void => {
  if (replies.push(JSON.stringify(answer)) > 1) return;
  process.nextTick(() => parentPort?.postMessage(replies.splice(0)));
};

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const perform = async ({ id, store, method, args }: Call): Promise<void> => {
  try {
    const one = stores.get(store);
    if (one === undefined) throw new Error(`There is no store ${store} in this thread.`);
    const call = one[method] as (...given: readonly unknown[]) => Promise<unknown>;
    reply({ id, result: await call(...args) });
  } catch (error) {
    const code = error instanceof StoreUnavailable ? error.code : null;
    reply({ id, message: wordsOf(error), code });
  }
};

const open = (store: number, make: () => Store): string => {
  try {
    stores.set(store, make());
    return '';
  } catch (error) {
    return wordsOf(error);
  }
};

parentPort?.on('message', (message: ToThread) => {
  if ('calls' in message) {
    for (const call of message.calls) void perform(JSON.parse(call) as Call);
  } else {
    tellOpened(
      message.opening,
      open(message.open, () => sqliteStore(message.options)),
    );
  }
});
