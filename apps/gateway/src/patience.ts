import { type Clock, Stopped } from '@ensemble/choreography';
import { LogUnavailable } from '@ensemble/log';
import { StoreUnavailable } from '@ensemble/store';
import { Problem } from './problem.ts';

/** Does something that needs the log or the store, for somebody who will not wait for ever. */
export type Patience = <Result>(work: () => Promise<Result>) => Promise<Result>;

const isAway = (error: unknown): boolean =>
  error instanceof LogUnavailable || error instanceof StoreUnavailable || error instanceof Stopped;

/**
 * Waits for the log and the store at most `limitMs`. While something has waited longer than that
 * and nothing came through since, newcomers are refused at once, so that an outage of hours does
 * not fill the memory with requests whose clients went away.
 * @throws Problem `not-now`; what was asked for may still happen, once
 */
export const patience = (clock: Clock, limitMs: number): Patience => {
  const seconds = Math.ceil(limitMs / 1000);
  let overdue = 0;
  let lastSuccess = -Infinity;
  let lastTimeout = -Infinity;

  const notNow = (cause?: unknown): Problem =>
    new Problem('not-now', `The log or the store did not answer within ${seconds} s.`, {
      retryAfter: seconds,
      cause,
    });

  return async (work) => {
    if (overdue > 0 && lastTimeout >= lastSuccess) throw notNow();
    const working = work().then(
      (result) => {
        lastSuccess = clock.now();
        return result;
      },
      (error: unknown) => {
        throw isAway(error) ? notNow(error) : error;
      },
    );
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(limitMs, () => {
      overdue += 1;
      lastTimeout = clock.now();
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
