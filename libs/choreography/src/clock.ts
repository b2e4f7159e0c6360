/** Time as an input: real in a process, virtual in a simulation. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Runs a task once, after `ms` milliseconds; the returned function calls it off. */
  after(ms: number, task: () => void): () => void;
}

/** Resolves after `ms` milliseconds of the clock. */
export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));
