import type { SqliteStoreOptions } from '../sqlite.ts';
import type { Store } from '../store.ts';

/** A call of a store's method; those of one turn travel together. */
export interface Call {
  readonly id: number;
  /** Which of the thread's stores. */
  readonly store: number;
  readonly method: keyof Store;
  readonly args: readonly unknown[];
}

/** What became of a call; the code is that of an error that callers tell apart. */
export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly message: string; readonly code: string | null };

/** To the thread: a store to be opened, or calls, each as JSON, which is what is stored anyway. */
export type ToThread =
  | {
      readonly open: number;
      readonly options: SqliteStoreOptions;
      readonly opening: SharedArrayBuffer;
    }
  | { readonly calls: readonly string[] };

const size = 2_048;
const waiting = 0;

/** Where one thread waits, its event loop standing still, until another has opened something. */
export const makeOpening = (): SharedArrayBuffer => new SharedArrayBuffer(8 + size);

/** Says that it is open, or why it cannot be opened. */
export const tellOpened = (opening: SharedArrayBuffer, why: string): void => {
  const state = new Int32Array(opening, 0, 2);
  const { written } = new TextEncoder().encodeInto(why, new Uint8Array(opening, 8, size));
  Atomics.store(state, 1, written);
  Atomics.store(state, waiting, 1);
  Atomics.notify(state, waiting);
};

/** Waits until it is told; empty if all is well. */
export const whyNotOpened = (opening: SharedArrayBuffer, timeoutMs: number): string => {
  const state = new Int32Array(opening, 0, 2);
  if (Atomics.wait(state, waiting, 0, timeoutMs) === 'timed-out') {
    return `its thread did not answer for ${timeoutMs} ms`;
  }
  // What is shared between threads cannot be decoded where it is.
  const text = new Uint8Array(opening, 8, Atomics.load(state, 1)).slice();
  return new TextDecoder().decode(text);
};
