/**
 * Runs the specs that need real servers, which it starts once for all of them:
 * `npm run test:servers [-- [--jaeger] <what jest understands>]`; with `--jaeger` traces are looked at
 * in a Jaeger too, which takes minutes to build. The last line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { kafkaLog } from '@ensemble/log/kafka';
import { startServers, whyNoServers } from '@ensemble/testing/servers';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const jaegerFlag = '--jaeger';
const args = process.argv.slice(2);

/** Resolves to jest's exit code. */
const test = async (env: Readonly<Record<string, string>>): Promise<number> => {
  const jest = 'run --silent jest -- --config jest.servers.config.mjs'.split(' ');
  const child = spawn('npm', [...jest, ...args.filter((arg) => arg !== jaegerFlag)], {
    stdio: 'inherit',
    env: { ...process.env, ...env, ...(args.includes(jaegerFlag) && { TEST_WITH_JAEGER: '1' }) },
  });
  const [code] = await once(child, 'exit');
  return code ?? 1;
};

/** The first group of a new broker waits until there is a place for offsets: no spec is to see that. */
const joinOnce = async (brokers: readonly string[]): Promise<void> => {
  const log = kafkaLog({ brokers, partitions: 12, clientId: 'warm-up', onStuck: say });
  await log.declare([{ name: 'warm-up' }]);
  const first = log.consume({
    group: 'warm-up',
    topics: ['warm-up'],
    assigned: () => undefined,
    revoked: () => undefined,
    handle: () => Promise.resolve(),
  });
  await first.joined;
  await first.stop();
  await log.close();
};

const why = whyNoServers();
if (why === null) {
  // Ctrl-C ends jest, and then the servers are ended in order.
  process.on('SIGINT', () => undefined);
  const { env, kafka, mongo, stop } = await startServers();
  say(`Kafka, and FerretDB on ${mongo.handler === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, are up.`);
  try {
    await joinOnce(kafka.brokers);
    process.exitCode = await test(env);
  } finally {
    await stop();
  }
} else {
  say(`The tests on real servers are skipped: ${why}.`);
  say('0 passed, 0 failed');
}
