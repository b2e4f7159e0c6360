/**
 * `npm run bench [-- --quick | --long]`: what the embedded system carries, with every commit
 * durable. Each row is a process of its own; `--long` adds the run of 200,000 bookings.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { rows } from './bench/rows.ts';

const { values } = parseArgs({
  options: { row: { type: 'string' }, quick: { type: 'boolean' }, long: { type: 'boolean' } },
});

const run = async (name: string): Promise<void> => {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`There is no row ${name}.`);
  for (const line of await row.run(values.quick === true ? row.quick : row.full)) console.log(line);
  process.exit(0);
};

if (values.row !== undefined) await run(values.row);

const [cpu] = cpus();
console.log(`${cpu?.model.trim()}, ${cpus().length} cores, Node ${process.version}`);
for (const { name, what, isLong } of rows) {
  if (isLong === true && values.long !== true) continue;
  console.log(`\n${what}`);
  const quick = values.quick === true ? ['--quick'] : [];
  const args = [...process.execArgv, import.meta.filename, '--row', name, ...quick];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
