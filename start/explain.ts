/**
 * Tells the story of a booking in plain sentences: `npm run explain -- <bookingId>`, on a running
 * system and on a stopped one.
 */
import { join } from 'node:path';
import process from 'node:process';
import { CannotStart, readConfig, runCommand, systemClock as clock } from '@ensemble/host';
import { explain, ledgerFile, openLedgerToRead } from '@ensemble/monitor/ledger';

await runCommand(async () => {
  const [bookingId, ...rest] = process.argv.slice(2);
  if (bookingId === undefined || rest.length > 0) {
    throw new CannotStart('expected one booking id\nusage: npm run explain -- <bookingId>');
  }
  const { ENSEMBLE_DATA: dir, PARTITIONS: partitions } = readConfig(process.env);
  const ledger = openLedgerToRead(join(dir, ledgerFile));
  const lines = await explain(ledger, bookingId, { now: clock.now(), partitions });
  if (lines === undefined) {
    console.log(`The ledger knows nothing of the booking ${bookingId}.`);
    process.exitCode = 1;
  } else for (const line of lines) console.log(line);
  await ledger.close();
});
