import type { Clock, Observe } from '@ensemble/choreography';
import type { Log } from '@ensemble/log';
import { every } from './every.ts';
import { Problem } from './problem.ts';

/** Lets bookings in while not too many wait for the answer of `seat`. */
export interface Admission {
  /**
   * Lets one in; the returned function tells that it has been taken in.
   * @throws Problem `busy`
   */
  enter(): () => void;
  /** Accepted bookings that await the answer of `seat`. */
  awaiting(): number;
  stop(): void;
}

const sampleMs = 250;
const answering = { group: 'seat', topic: 'booking' };

export const admission = (
  log: Log,
  { clock, observe, admit }: { clock: Clock; observe: Observe; admit: number },
): Admission => {
  const topics = [answering.topic];
  let entered = 0;
  let takenIn = 0;
  let lag = 0;
  /** How many had been taken in when the newest sample began: the lag tells of those. */
  let sampled = 0;

  const sample = async (): Promise<void> => {
    const before = takenIn;
    try {
      const ends = await log.ends(topics);
      const done = await log.committed(answering.group, topics);
      const lags = (ends[answering.topic] ?? []).map((end, partition) =>
        Math.max(0, end - (done[answering.topic]?.[partition] ?? 0)),
      );
      lag = lags.reduce((sum, each) => sum + each, 0);
      sampled = before;
    } catch (error) {
      observe('unavailable', { service: 'gateway', what: 'log', error });
    }
  };
  const stop = every(clock, sampleMs, sample);
  const awaiting = (): number => lag + entered - sampled;

  return {
    awaiting,
    enter: () => {
      if (awaiting() >= admit) {
        throw new Problem('busy', `${awaiting()} bookings wait for their seats.`, {
          retryAfter: 5,
        });
      }
      entered += 1;
      return () => void (takenIn += 1);
    },
    stop,
  };
};
