import { Worker } from 'node:worker_threads';
import type { Kind } from './database.ts';
import {
  type Call,
  type Cells,
  makeOpened,
  type Opening,
  type Reply,
  type ToThread,
  whyNotOpened,
} from './thread/calls.ts';

/** A thread in which SQLite files live, so that nobody else waits for their disk. */
export interface SqliteThread {
  /**
   * Begins to open something there; what is returned waits until that is done, and is it here: each
   * of its methods takes and returns strings, numbers, bytes and lists of them, for these cross
   * without being parsed. It throws the kind's `Unavailable` if it could not be opened.
   * @param methods the names of all its methods
   */
  begin<Port extends Cells<Port>>(
    kind: Pick<Kind, 'Unavailable'>,
    opening: Opening & { readonly methods: Readonly<Record<keyof Port, true>> },
  ): () => Port;
  /** Ends the thread, after what is open there was closed by who opened it. */
  end(): Promise<void>;
}

const openingMs = 10_000;
/** What passes through is short-lived: a thread needs no more, whatever its process was given. */
const youngMb = 32;
/** Under load a turn of the event loop is long: the thread is not kept waiting for its end. */
const callsAtOnce = 64;

interface Caller {
  readonly kind: Pick<Kind, 'Unavailable'>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Starts the thread. It does not keep a process alive by itself. */
export const sqliteThread = (): SqliteThread => {
  const worker = new Worker(new URL('./thread/worker.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  });
  worker.unref();
  const callers = new Map<number, Caller>();
  let outgoing: Call[] = [];
  let calls = 0;
  let ports = 0;
  let ending = false;
  let broken: { readonly message: string; readonly cause: unknown } | null = null;

  const post = (message: ToThread): void => worker.postMessage(message);

  const flush = (): void => {
    const group = outgoing;
    outgoing = [];
    if (group.length > 0) pass(group);
  };

  const pass = (group: readonly Call[]): void => {
    try {
      post(group);
    } catch (error) {
      // One call's mistake is not its neighbours': what cannot cross is found out one by one.
      const [only, ...others] = group;
      if (only === undefined) return;
      if (others.length > 0) for (const one of group) pass([one]);
      else take(only[0])?.reject(error);
    }
  };

  const take = (id: number): Caller | undefined => {
    const caller = callers.get(id);
    callers.delete(id);
    return caller;
  };

  const failed = ({ Unavailable }: Caller['kind']): Error =>
    new Unavailable(broken?.message ?? '', { cause: broken?.cause });

  const call = (
    kind: Caller['kind'],
    port: number,
    method: string,
    given: readonly unknown[],
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (broken !== null) return reject(failed(kind));
      const id = (calls += 1);
      callers.set(id, { kind, resolve, reject });
      // While an answer is awaited the process has something to live for.
      if (callers.size === 1) worker.ref();
      const waiting = outgoing.push([id, port, method, ...given]);
      if (waiting === 1) setImmediate(flush);
      if (waiting === callsAtOnce) flush();
    });

  const hear = ([id, result, message, name]: Reply): void => {
    const caller = take(id);
    if (message === undefined) return caller?.resolve(result);
    const { Unavailable } = caller?.kind ?? {};
    const isUnavailable = Unavailable !== undefined && new Unavailable('', {}).name === name;
    caller?.reject(isUnavailable ? new Unavailable(message, {}) : new Error(message));
  };

  const breakDown = (cause: unknown): void => {
    // An error is followed by the exit.
    if (broken !== null) return;
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The thread of the SQLite files ended: ${why}. Start again.`;
    broken = { message, cause };
    for (const { kind, reject } of callers.values()) reject(failed(kind));
    callers.clear();
    // Nothing can be stored any more: the process ends, and whoever watches it starts another.
    if (!ending) throw new Error(message, { cause });
  };

  worker.on('message', (replies: readonly Reply[]) => {
    for (const reply of replies) hear(reply);
    if (callers.size === 0) worker.unref();
  });
  worker.once('error', breakDown);
  worker.once('exit', (code) => breakDown(`exit code ${code}`));

  return {
    begin: <Port extends Cells<Port>>(
      kind: Caller['kind'],
      { methods, ...opening }: Opening & { readonly methods: Readonly<Record<keyof Port, true>> },
    ) => {
      if (broken !== null) throw failed(kind);
      const port = (ports += 1);
      const opened = makeOpened();
      post({ port, opening, opened });
      const entries = Object.keys(methods).map((method) => [
        method,
        (...given: unknown[]) => call(kind, port, method, given),
      ]);
      return () => {
        const why = whyNotOpened(opened, openingMs);
        if (why !== '') throw new kind.Unavailable(why, {});
        return Object.fromEntries(entries) as unknown as Port;
      };
    },
    end: async () => {
      ending = true;
      await worker.terminate();
    },
  };
};
