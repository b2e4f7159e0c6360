import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { kafkaLog } from '@ensemble/log/kafka';
import {
  built,
  freePorts,
  host,
  kafkaBuild,
  type Program,
  program,
} from '@ensemble/testing/servers';
import { type Compose, readCompose } from './reading.ts';

const dir = mkdtempSync(join(tmpdir(), 'ensemble-'));
afterAll(() => rmSync(dir, { recursive: true }));
const running: Program[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((broker) => broker.stop('SIGKILL')));
});

/**
 * Starts the brokers of docker-compose.yml by their environment, as the image of Apache Kafka does:
 * its wrapper makes the settings and the data directory of them, and then the server is started.
 * @returns where they answer
 */
const startBrokers = async ({ services }: Compose): Promise<readonly string[]> => {
  const classes = join(await built(kafkaBuild), 'libs', '*');
  const names = Object.keys(services).filter((name) => name.startsWith('kafka'));
  const ports = await freePorts(2 * names.length);
  const portsOf = (name: string) => ports.slice(2 * names.indexOf(name));

  const prepare = (name: string): Program => {
    const home = join(dir, name);
    const config = join(home, 'config');
    mkdirSync(config, { recursive: true });
    const [client = 0, controller = 0] = portsOf(name);
    /** Where each broker is on this machine, and where its own ports and its data are. */
    const placed = (value: string): string =>
      names
        .reduce((text, other) => {
          const [theirClient, theirController] = portsOf(other);
          return text
            .replaceAll(`${other}:9092`, `${host}:${theirClient}`)
            .replaceAll(`${other}:9093`, `${host}:${theirController}`);
        }, value)
        .replace('://:9092', `://${host}:${client}`)
        .replace('://:9093', `://${host}:${controller}`)
        .replace('/var/lib/kafka', home);
    const environment = Object.entries(services[name]?.environment ?? {});
    const env = Object.fromEntries(environment.map(([key, value]) => [key, placed(String(value))]));
    const folders = ['--default-configs-dir', home, '--mounted-configs-dir', home];
    const wrapper = ['kafka.docker.KafkaDockerWrapper', 'setup', ...folders];
    const { status, stdout, stderr } = spawnSync(
      'java',
      ['-cp', classes, ...wrapper, '--final-configs-dir', config],
      { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`${name} could not be set up:\n${stdout}${stderr}`);
    const heap = env['KAFKA_HEAP_OPTS'] ?? '';
    return program({
      name,
      command: 'java',
      args: [heap, '-cp', classes, 'kafka.Kafka', join(config, 'server.properties')],
      log: join(home, 'log'),
      serves: 'Kafka Server started',
    });
  };

  running.push(...names.map(prepare));
  await Promise.all(running.map((broker) => broker.start()));
  return names.map((name) => `${host}:${portsOf(name)[0]}`);
};

describe('the brokers of docker compose', () => {
  it.each([
    { profile: 'one', brokers: 1, copies: 1, minInSync: 1 },
    { profile: 'three', brokers: 3, copies: 3, minInSync: 2 },
  ])(
    '$profile: keep $copies of what they are given',
    async (expected) => {
      const { profile, copies: replication, minInSync } = expected;
      const brokers = await startBrokers(await readCompose(profile));
      expect(brokers).toHaveLength(expected.brokers);
      const onStuck = (reason: string): never => {
        throw new Error(reason);
      };
      const common = { brokers, partitions: 3, onStuck };
      // As `topics` makes them, which leaves copies to the brokers; then as we want them.
      const topics = [{ name: 'greetings' }];
      const log = kafkaLog({ ...common, clientId: 'topics' });
      const strict = kafkaLog({ ...common, clientId: 'strict', replication, minInSync });
      try {
        await log.declare(topics);
        await strict.declare(topics);
        const value = Buffer.from('hello');
        await strict.append([{ topic: 'greetings', key: 'ada', value, headers: {} }]);
      } finally {
        await Promise.all([log.close(), strict.close()]);
      }
    },
    120_000,
  );
});
