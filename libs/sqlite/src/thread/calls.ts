/** Strings, numbers, bytes and lists of them: what crosses between threads without being parsed. */
export type Cell = string | number | boolean | Uint8Array | null | undefined | readonly Cell[];

/** Something that can live in a thread: each of its methods takes and returns cells. */
export type Cells<Port> = {
  readonly [Method in keyof Port]: (...given: never[]) => Promise<unknown>;
};

/** A call of a method; those of one turn travel together. */
export type Call = readonly [id: number, port: number, method: string, ...given: unknown[]];

/** What became of a call; an error goes by its name, which callers tell apart. */
export type Reply =
  | readonly [id: number, result: unknown]
  | readonly [id: number, none: undefined, message: string, name: string];

/** What is to be opened: a module whose export `open` makes it of options, at once. */
export interface Opening {
  readonly module: string;
  readonly options: unknown;
}

/** To the thread: something to be opened, or calls. */
export type ToThread =
  | { readonly port: number; readonly opening: Opening; readonly opened: SharedArrayBuffer }
  | readonly Call[];

const size = 2_048;
const waiting = 0;

/** Where one thread waits, its event loop standing still, until another has opened something. */
export const makeOpened = (): SharedArrayBuffer => new SharedArrayBuffer(8 + size);

/** Says that it is open, or why it cannot be opened. */
export const tellOpened = (opened: SharedArrayBuffer, why: string): void => {
  const state = new Int32Array(opened, 0, 2);
  const { written } = new TextEncoder().encodeInto(why, new Uint8Array(opened, 8, size));
  Atomics.store(state, 1, written);
  Atomics.store(state, waiting, 1);
  Atomics.notify(state, waiting);
};

/** Waits until it is told; empty if all is well. */
export const whyNotOpened = (opened: SharedArrayBuffer, timeoutMs: number): string => {
  const state = new Int32Array(opened, 0, 2);
  if (Atomics.wait(state, waiting, 0, timeoutMs) === 'timed-out') {
    return `its thread did not answer for ${timeoutMs} ms`;
  }
  // What is shared between threads cannot be decoded where it is.
  const text = new Uint8Array(opened, 8, Atomics.load(state, 1)).slice();
  return new TextDecoder().decode(text);
};
