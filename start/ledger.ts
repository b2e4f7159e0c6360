/**
 * Looks into the monitor's ledger, on a running system and on a stopped one:
 * `npm run ledger -- verify` reckons the chains of hashes again, `npm run ledger -- search` finds
 * records. Exit code 1 if the ledger was changed.
 */
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { CannotStart, reasonOf, readConfig, runCommand } from '@ensemble/host';
import { ledgerFile, openLedgerToRead, type ReadLedger } from '@ensemble/monitor/ledger';

const usage = `usage:
  npm run ledger -- verify
  npm run ledger -- search [--booking <id>] [--type <event type>] [--service <name>]
      [--trace <id>] [--topic <name>] [--from <time>] [--until <time>] [--limit <number>]`;

const options = {
  booking: { type: 'string' },
  type: { type: 'string' },
  service: { type: 'string' },
  trace: { type: 'string' },
  topic: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  limit: { type: 'string' },
} as const;

const momentOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw new Error(`expected a time such as 2026-11-21, found ${text}`);
  return moment;
};

const limitOf = (text = '100'): number => {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new Error(`expected a whole number for --limit, found ${text}`);
};

const readArguments = () => {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [what, ...rest] = positionals;
    if ((what !== 'verify' && what !== 'search') || rest.length > 0) {
      throw new Error('expected verify or search');
    }
    const { from, until, limit, ...query } = values;
    return {
      what,
      query: { ...query, from: momentOf(from), until: momentOf(until), limit: limitOf(limit) },
    };
  } catch (cause) {
    throw new CannotStart(`${reasonOf(cause)}\n${usage}`, { cause });
  }
};

const verify = async (ledger: ReadLedger): Promise<void> => {
  const { chains, faults } = await ledger.verify();
  for (const { topic, partition, records, first, next, missing, head } of chains) {
    const gaps = missing === 0 ? '' : `, ${missing} offsets were never there`;
    console.log(
      `${topic}/${partition}: ${records} records, ${first} to ${next - 1}${gaps}  ${head}`,
    );
  }
  const count = chains.reduce((sum, { records }) => sum + records, 0);
  if (faults.length === 0) {
    console.log(`${count} records in ${chains.length} chains: nothing was changed.`);
    return;
  }
  for (const fault of faults) console.log(`CHANGED ${fault}`);
  process.exitCode = 1;
};

await runCommand(async () => {
  const { what, query } = readArguments();
  const { ENSEMBLE_DATA: dir } = readConfig(process.env);
  const ledger = openLedgerToRead(join(dir, ledgerFile));
  if (what === 'verify') await verify(ledger);
  else {
    const { records } = await ledger.search(query);
    for (const { timestamp, topic, partition, offset, headers } of records) {
      const { ce_type: type = '-', ce_correlationid: booking = '-' } = headers;
      const at = new Date(timestamp).toISOString();
      console.log(`${at}  ${topic}/${partition}/${offset}  ${type}  ${booking}`);
    }
  }
  await ledger.close();
});
