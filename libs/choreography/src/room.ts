import type { LogRecord } from '@ensemble/log';
import { idOf } from './ids.ts';

/** Room for records that are parked; those that find none stay in the log, in order. */
export interface Room {
  /** A record comes, or comes again. To be told before anything is awaited. */
  comes(stream: string, record: LogRecord): void;
  /** Whether there is room for it, and was for all of its stream that stand before it. */
  takes(stream: string, record: LogRecord): boolean;
}

/** @param isFull whether there is no room left at this moment */
export const room = (isFull: () => boolean): Room => {
  /**
   * By stream and topic, the first offset that was turned away. Until it comes again, what stands
   * behind it must not find the room that there may be by then: it would be decided first.
   */
  const turnedAway = new Map<string, number>();

  return {
    comes: (stream, { topic, offset }) => {
      const lane = idOf(stream, topic);
      if (offset <= (turnedAway.get(lane) ?? -1)) turnedAway.delete(lane);
    },
    takes: (stream, { topic, offset }) => {
      const lane = idOf(stream, topic);
      const first = turnedAway.get(lane) ?? Infinity;
      if (offset <= first && !isFull()) return true;
      turnedAway.set(lane, Math.min(first, offset));
      return false;
    },
  };
};
