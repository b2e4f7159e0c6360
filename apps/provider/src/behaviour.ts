import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export const behaviour = z.strictObject({
  mode: z.enum(['normal', 'slow', 'down', 'lose-answer', 'refuse-refunds', 'hold-refunds']),
  /** How long `slow` keeps a request waiting, in milliseconds. */
  delayMs: z.int().min(1).max(3_600_000).default(3000),
});
/** How the provider treats its callers until it is told otherwise. */
export type Behaviour = z.output<typeof behaviour>;

/** Where requests wait, and where they learn how they are to be treated. */
export interface Gate {
  current(): Behaviour;
  /** Applies at once, to requests in waiting too. */
  change(next: Behaviour): void;
  /** Lets a request in, in its turn, and says in which mode. */
  admit(): Promise<Behaviour['mode']>;
  /** Turns away whoever waits and whoever comes. */
  close(): void;
}

/** A gate that behaves like this from the start. */
export const gate = (first: Behaviour): Gate => {
  let now = first;
  let changed = new AbortController();
  let closed = false;
  const change = (next: Behaviour): void => {
    now = next;
    changed.abort();
    changed = new AbortController();
  };
  return {
    current: () => now,
    change,
    admit: async () => {
      let waited = false;
      while (now.mode === 'slow' && !waited && !closed) {
        const { signal } = changed;
        waited = await sleep(now.delayMs, true, { signal }).catch((error: unknown) => {
          if (signal.aborted) return false;
          throw error;
        });
      }
      return closed ? 'down' : now.mode;
    },
    close: () => {
      closed = true;
      changed.abort();
    },
  };
};
