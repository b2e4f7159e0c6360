import { existsSync } from 'node:fs';
import type { Clock } from '@ensemble/choreography';
import { CannotStart, reasonOf } from '@ensemble/host';
import type { Log } from '@ensemble/log';
import { compactedTopics } from './ledger/compacted.ts';
import { keepLedger } from './ledger/keep.ts';
import { openLedger, readLedger, type ReadLedger } from './ledger/ledger.ts';

export { explain } from './explain.ts';
export type { ReadLedger } from './ledger/ledger.ts';

/** The ledger's file in the data directory. */
export const ledgerFile = 'monitor.db';

/**
 * Opens the ledger to look into it, whether its monitor runs or not.
 * @throws CannotStart if there is none, or it is damaged
 */
export const openLedgerToRead = (file: string): ReadLedger => {
  if (!existsSync(file)) {
    throw new CannotStart(
      `There is no ledger ${file}: the monitor makes it when it first runs, and ENSEMBLE_DATA names ` +
        'its directory',
    );
  }
  try {
    return readLedger({ file, compacted: compactedTopics });
  } catch (cause) {
    throw new CannotStart(reasonOf(cause), { cause });
  }
};

/**
 * Takes in what is on the log and not yet in the ledger, while no monitor runs.
 * @throws LedgerUnavailable, AnotherLog or what the log says
 */
export const catchUp = async (
  file: string,
  log: Pick<Log, 'read'>,
  clock: Clock,
): Promise<void> => {
  const ledger = openLedger({ file, compacted: compactedTopics });
  const failed = Promise.withResolvers<never>();
  const keeping = keepLedger(ledger, log, {
    clock,
    // Nothing is forgotten by who only wants to know.
    keeping: { ageMs: Infinity, bytes: Infinity },
    took: () => undefined,
    warn: (_what, error) => failed.reject(error),
  });
  try {
    await Promise.race([keeping.caughtUp, failed.promise]);
  } finally {
    await keeping.stop();
    await ledger.close();
  }
};
