import type { Clock } from '@ensemble/choreography';
import type { Log, LogRecord, Offsets } from '@ensemble/log';
import type { Keeping } from './cutting.ts';
import { AnotherLog, type Ledger } from './ledger.ts';

/** A ledger that follows a log. */
export interface Bookkeeping {
  /** Resolves when everything that was in the log when it began is in the ledger. */
  readonly caughtUp: Promise<void>;
  /** What it waits for, in words; all is well when there is nothing. */
  waitsFor(): readonly string[];
  stop(): Promise<void>;
}

const cutEveryMs = 60_000;

/** One before where the ledger ends: what stands there tells whether it is the same log. */
const overlapping = (positions: Offsets): Offsets =>
  Object.fromEntries(
    Object.entries(positions).map(([topic, next]) => [
      topic,
      next.map((offset) => Math.max(0, offset - 1)),
    ]),
  );

/**
 * Puts everything that is and will be on a log into a ledger, topics that come later included.
 * @param options.took told of what was stored, once for each record
 * @param options.warn told of what did not work and is tried again
 */
export const keepLedger = (
  ledger: Ledger,
  log: Pick<Log, 'read'>,
  {
    clock,
    keeping,
    took,
    warn,
  }: {
    clock: Clock;
    keeping: Keeping;
    took: (records: readonly LogRecord[]) => void;
    warn: (what: string, error: unknown) => void;
  },
): Bookkeeping => {
  let trouble: string | null = null;
  const told = (what: string, error: unknown): void => {
    trouble = error instanceof Error ? error.message : String(error);
    warn(what, error);
  };

  const onRecords = async (records: readonly LogRecord[]): Promise<void> => {
    try {
      took(await ledger.take(records));
      // Another log stays another, whatever other partitions hold.
      if (!isAnother) trouble = null;
    } catch (error) {
      isAnother ||= error instanceof AnotherLog;
      told('putting records into the ledger', error);
      throw error;
    }
  };
  let isAnother = false;

  const reader = log.read({ topics: 'all', from: overlapping(ledger.positions()), onRecords });

  let cancel = (): void => {};
  const cut = async (): Promise<void> => {
    try {
      await ledger.cut(keeping, clock.now());
    } catch (error) {
      told('cutting off what is old of the ledger', error);
    }
  };
  let cutting: Promise<void> = Promise.resolve();
  const cutLater = (): void => {
    cancel = clock.after(cutEveryMs, () => {
      cutting = cut();
      void cutting.then(cutLater);
    });
  };
  cutLater();

  return {
    caughtUp: reader.caughtUp,
    waitsFor: () => (trouble === null ? [] : [`ledger: ${trouble}`]),
    stop: async () => {
      await reader.stop();
      await cutting;
      // Only now does nothing ask for another one.
      cancel();
    },
  };
};
