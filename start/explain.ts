/**
 * Tells the story of a booking in plain sentences: `npm run explain -- <bookingId>`, on a running
 * system and on a stopped one.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import {
  CannotStart,
  type Config,
  DataInUse,
  lockData,
  openReadLog,
  readConfig,
  reasonOf,
  runCommand,
  systemClock as clock,
} from '@ensemble/host';
import { catchUp, explain, ledgerFile, openLedgerToRead } from '@ensemble/monitor/ledger';

/** While nothing runs, nobody puts into the ledger what the log has got last. */
const catchUpIfStopped = async (config: Config, file: string): Promise<void> => {
  const { ENSEMBLE_DATA: dir } = config;
  if (!existsSync(dir)) {
    throw new CannotStart(`There are no data in ${dir}: ENSEMBLE_DATA names them`);
  }
  let lock;
  try {
    lock = lockData(dir);
  } catch (error) {
    if (error instanceof DataInUse) return;
    throw error;
  }
  process.once('exit', () => lock.release());
  const log = await openReadLog(config, {
    warn: (what, error) => console.warn(`${what} (${reasonOf(error)})`),
  });
  try {
    await catchUp(file, log, clock);
  } catch (cause) {
    throw new CannotStart(reasonOf(cause), { cause });
  }
  await log.close();
};

await runCommand(async () => {
  const [bookingId, ...rest] = process.argv.slice(2);
  if (bookingId === undefined || rest.length > 0) {
    throw new CannotStart('expected one booking id\nusage: npm run explain -- <bookingId>');
  }
  const config = readConfig(process.env);
  const file = join(config.ENSEMBLE_DATA, ledgerFile);
  await catchUpIfStopped(config, file);
  const ledger = openLedgerToRead(file);
  const { PARTITIONS: partitions } = config;
  const lines = await explain(ledger, bookingId, { now: clock.now(), partitions });
  if (lines === undefined) {
    console.log(`The ledger knows nothing of the booking ${bookingId}.`);
    process.exitCode = 1;
  } else for (const line of lines) console.log(line);
  await ledger.close();
});
