/** The thread of `sqliteThread`: the files are here, the callers elsewhere. */
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import { type Call, type Opening, type Reply, tellOpened, type ToThread } from './calls.ts';

type Port = Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>>;

const ports = new Map<number, Port>();

const replies: Reply[] = [];
/**
 * The answers of one transaction travel together, and before the next one begins: the callers have
 * something to do meanwhile.
 */
const reply = (answer: Reply): void => {
  if (replies.push(answer) > 1) return;
  process.nextTick(() => parentPort?.postMessage(replies.splice(0)));
};

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const perform = async ([id, port, method, ...given]: Call): Promise<void> => {
  try {
    const call = ports.get(port)?.[method];
    if (call === undefined) throw new Error(`There is no ${method} of ${port} in this thread.`);
    reply([id, await call(...given)]);
  } catch (error) {
    reply([id, undefined, wordsOf(error), error instanceof Error ? error.name : '']);
  }
};

const open = async (port: number, { module, options }: Opening): Promise<string> => {
  try {
    const { open: make } = (await import(module)) as { open: (options: unknown) => Port };
    ports.set(port, make(options));
    return '';
  } catch (error) {
    return wordsOf(error);
  }
};

parentPort?.on('message', (message: ToThread) => {
  if (!('opening' in message)) {
    for (const call of message) void perform(call);
    return;
  }
  const { port, opening, opened } = message;
  void open(port, opening).then((why) => tellOpened(opened, why));
});
