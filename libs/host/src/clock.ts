import type { Clock } from '@ensemble/choreography';

/** The longest that a timer of Node can wait; beyond it would fire at once. */
const longestMs = 2 ** 31 - 1;

/** The time of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  after: (ms, task) => {
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      const rest = left - longestMs;
      timer = rest > 0 ? setTimeout(arm, longestMs, rest) : setTimeout(task, left);
    };
    arm(ms);
    return () => clearTimeout(timer);
  },
};
