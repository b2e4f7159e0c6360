import { existsSync } from 'node:fs';
import { CannotStart, reasonOf } from '@ensemble/host';
import { compactedTopics } from './ledger/compacted.ts';
import { readLedger, type ReadLedger } from './ledger/ledger.ts';

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
