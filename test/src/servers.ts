/**
 * Starts Kafka and a MongoDB-compatible server on loopback, prints how the apps find them, and
 * keeps them until Ctrl-C: `npm run servers [-- --dir <directory that keeps their data>]`.
 */
import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startServers, whyNoServers } from '@ensemble/testing/servers';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async (): Promise<void> => {
  const { dir } = parseArgs({ options: { dir: { type: 'string' } } }).values;
  const why = whyNoServers();
  if (why !== null) throw new Error(`The servers cannot run here: ${why}.`);
  say('Starting Kafka and a MongoDB-compatible server (the first time up to 3 minutes) …');
  const { mongo, env, stop } = await startServers({ dir: dir && resolve(dir) });
  if (mongo.handler === 'sqlite') {
    say('PostgreSQL is not installed: FerretDB keeps its data in SQLite, and is slower for it.');
  }
  say('Both are up until Ctrl-C; where the apps run:');
  for (const [name, value] of Object.entries(env)) say(`export ${name}='${value}'`);
  // Heard as often as it comes: npm hands on the Ctrl-C that the terminal gave everybody.
  await new Promise((heard) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, heard);
  });
  await stop();
};

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
