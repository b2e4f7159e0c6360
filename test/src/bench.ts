/**
 * `npm run bench [-- --servers] [--long] [--quick]`: what the system carries, with every commit
 * durable. Each row is a process of its own. `--servers` measures on Kafka and on the
 * MongoDB-compatible server instead, beside the limit; `--long` adds the run of 200,000 bookings.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { whyNoServers } from '@ensemble/testing/servers';
import type { Figures } from './bench/measure.ts';
import { ratios } from './bench/ratios.ts';
import { rows } from './bench/rows.ts';

const { values } = parseArgs({
  options: {
    row: { type: 'string' },
    into: { type: 'string' },
    servers: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
  },
});

const run = async (name: string): Promise<void> => {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`There is no row ${name}.`);
  const figures = await row.run(values.quick ? row.quick : row.full);
  for (const line of figures.lines) console.log(line);
  if (values.into !== undefined) writeFileSync(values.into, JSON.stringify(figures));
  process.exit(0);
};

if (values.row !== undefined) await run(values.row);

const missing = values.servers ? whyNoServers() : null;
if (missing !== null) {
  console.log(`Nothing is measured on servers: ${missing}`);
  process.exit(0);
}
const [cpu] = cpus();
console.log(`${cpu?.model.trim()}, ${cpus().length} cores, Node ${process.version}`);
const dir = mkdtempSync(join(tmpdir(), 'ensemble-figures-'));
const found = new Map<string, Figures>();
for (const { name, what, isLong = false, onServers = false } of rows) {
  if (onServers !== values.servers || (isLong && !values.long)) continue;
  console.log(`\n${what}`);
  const into = join(dir, name);
  const quick = values.quick ? ['--quick'] : [];
  const own = [import.meta.filename, '--row', name, '--into', into, ...quick];
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...own], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  found.set(name, JSON.parse(readFileSync(into, 'utf8')) as Figures);
}
rmSync(dir, { recursive: true });
for (const line of ratios(found)) console.log(line);
