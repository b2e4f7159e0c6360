import type { Clock } from '@ensemble/choreography';

/** Does a task at once and then again `ms` after each end of it, until it is called off. */
export const every = (clock: Clock, ms: number, task: () => Promise<void> | void): (() => void) => {
  let stopped = false;
  let cancel: () => void = () => undefined;
  const turn = async (): Promise<void> => {
    await task();
    if (!stopped) cancel = clock.after(ms, () => void turn());
  };
  void turn();
  return () => {
    stopped = true;
    cancel();
  };
};
