import { type Clock, Stopped } from '@ensemble/choreography';
import { LogUnavailable } from '@ensemble/log';
import { StoreUnavailable } from '@ensemble/store';
import { EdgeProblem } from './problem.ts';

/** Does something that needs the log or the store, for somebody who will not wait for ever. */
export type Patience = <Result>(work: () => Promise<Result>) => Promise<Result>;

const isAway = (error: unknown): boolean =>
  error instanceof LogUnavailable || error instanceof StoreUnavailable || error instanceof Stopped;

/** Between two newcomers that find out whether it is still so, at most, in milliseconds. */
const longestProbeMs = 60_000;

/**
 * Waits for the log and the store at most `limitMs`. While something has waited longer than that
 * and nothing came through since, newcomers are refused at once, so that an outage of hours does
 * not fill the memory with requests whose clients went away. One of them is let in now and then,
 * each time after twice as long: what waits may do so for a reason of its own, and may be all alone.
 * @throws EdgeProblem `not-now`; what was asked for may still happen, once
 */
export const patience = (clock: Clock, limitMs: number): Patience => {
  const seconds = Math.ceil(limitMs / 1000);
  let overdue = 0;
  let isInVain = false;
  let probeAt = 0;
  let probeMs = limitMs;

  const notNow = (cause?: unknown): EdgeProblem =>
    new EdgeProblem('not-now', `The log or the store did not answer within ${seconds} s.`, {
      retryAfter: seconds,
      cause,
    });

  const succeeded = (): void => {
    isInVain = false;
    probeAt = 0;
    probeMs = limitMs;
  };

  const isRefused = (): boolean => {
    if (overdue === 0 || !isInVain) return false;
    if (clock.now() < probeAt) return true;
    probeAt = clock.now() + probeMs;
    probeMs = Math.min(2 * probeMs, longestProbeMs);
    return false;
  };

  return async (work) => {
    if (isRefused()) throw notNow();
    const working = work().then(
      (result) => {
        succeeded();
        return result;
      },
      (error: unknown) => {
        if (isAway(error)) throw notNow(error);
        // Log and store answered; the answer was another.
        succeeded();
        throw error;
      },
    );
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(limitMs, () => {
      overdue += 1;
      isInVain = true;
      const settled = (): void => void (overdue -= 1);
      working.then(settled, settled);
      late.reject(notNow());
    });
    try {
      return await Promise.race([working, late.promise]);
    } finally {
      cancel();
    }
  };
};
