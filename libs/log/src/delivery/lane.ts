import type { LogRecord } from '../log.ts';
import type { Records } from './records.ts';
import type { Timing } from './timing.ts';

/** Hands the records of one topic and partition to one taker, in order, one batch at a time. */
export interface Lane {
  /** The offset after the last record that was taken. */
  position(): number;
  /** There may be something to hand over. */
  wake(): void;
  /** Begins no further batch; resolves when the one in flight has settled. */
  stop(): Promise<void>;
}

export interface LaneOptions {
  readonly records: Records;
  readonly timing: Timing;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  /** Records in one batch at most. */
  readonly window: number;
  readonly take: (batch: readonly LogRecord[]) => Promise<void> | void;
  /** Told the new position when a batch was taken. */
  readonly moved: (position: number) => void;
  /** Told the new position when there was nothing to take up to it. */
  readonly skipped?: (position: number) => void;
  /** From where to go on when a batch was not taken. Default: the same batch again. */
  readonly resumeFrom?: () => number;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;

/** Opens a lane; it sleeps until it is woken. */
export const openLane = (options: LaneOptions): Lane => {
  const { records, timing, topic, partition, window, take, moved } = options;
  let position = options.from;
  let state: 'idle' | 'due' | 'taking' | 'waiting' | 'stopped' = 'idle';
  let failures = 0;
  let inFlight: Promise<void> = Promise.resolve();
  let callOff = (): void => {};

  const wake = (): void => {
    if (state !== 'idle' || records.end(topic, partition) <= position) return;
    state = 'due';
    timing.schedule(() => {
      if (state === 'due') inFlight = handOver();
    });
  };

  const isStopped = (): boolean => state === 'stopped';

  const handOver = async (): Promise<void> => {
    state = 'taking';
    const handedOver = await attempt();
    if (isStopped()) return;
    state = 'idle';
    if (handedOver > 0) wake();
    else if (handedOver < 0) backOff();
  };

  /** How many were taken; less than 0 if the batch failed. */
  const attempt = async (): Promise<number> => {
    try {
      const end = records.end(topic, partition);
      const batch = records.slice(topic, partition, position, window);
      const last = batch.at(-1);
      if (last === undefined) {
        // Offsets up to the end that hold no record for anybody.
        if (position < end) {
          moved((position = end));
          options.skipped?.(position);
        }
        return 0;
      }
      await take(batch);
      failures = 0;
      position = last.offset + 1;
      moved(position);
      return batch.length;
    } catch {
      // Why it failed is the taker's to say; here it only means: again.
      failures += 1;
      position = options.resumeFrom?.() ?? position;
      return -1;
    }
  };

  const backOff = (): void => {
    state = 'waiting';
    const ms = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
    callOff = timing.after(ms, () => {
      if (state !== 'waiting') return;
      state = 'idle';
      wake();
    });
  };

  return {
    position: () => position,
    wake,
    stop() {
      state = 'stopped';
      callOff();
      return inFlight;
    },
  };
};
