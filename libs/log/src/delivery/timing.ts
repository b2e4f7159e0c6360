/** Time and turns as inputs: real in a process, virtual and seeded in a simulation. */
export interface Timing {
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** Runs a task in a later turn. A simulation decides in which order. */
  readonly schedule: (task: () => void) => void;
  /** Runs a task once, after `ms` milliseconds; the returned function calls it off. */
  readonly after: (ms: number, task: () => void) => () => void;
}

/** Timing with the defaults of a real process filled in. */
export const timing = ({
  now = Date.now,
  schedule = (task) => void setImmediate(task),
  after = afterInProcess,
}: Partial<Timing> = {}): Timing => ({ now, schedule, after });

/** Does not keep the process alive: who waits for the log has a reason of its own to live. */
const afterInProcess = (ms: number, task: () => void): (() => void) => {
  const timer = setTimeout(task, ms).unref();
  return () => clearTimeout(timer);
};
