import { LogUnavailable } from '@ensemble/log';
import type { Sasl } from '@ensemble/log/kafka';
import { atLeast, contentOf, member, record, textsOf } from '@ensemble/log/conformance';
import { freePorts, host, type KafkaCluster, kafkaCluster } from '@ensemble/testing/servers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { stopAtOnce, type Trial, trial } from './kit.ts';

describe('a log', () => {
  const opened: Trial[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });
  const open = (options: Parameters<typeof trial>[0]): Trial => {
    const bench = trial(options);
    opened.push(bench);
    return bench;
  };

  /** Everything that opens a connection of its own, once. */
  const mustWork = async (bench: Trial, topic: string): Promise<void> => {
    await bench.log.declare([{ name: topic }]);
    const { handled } = member(bench, { group: `${topic}-group`, topics: [topic] });
    await bench.log.append([record(topic, 'k', 'x')]);
    await handled.until(atLeast(1));
    expect(textsOf(await contentOf(bench, topic))).toEqual(['x']);
    expect(bench.stuck.all).toEqual([]);
  };

  describe('that must say who it is', () => {
    let cluster: KafkaCluster;
    beforeAll(async () => void (cluster = await kafkaCluster({ sasl: true })));
    afterAll(() => stopAtOnce(cluster));
    const login = (mechanism: Sasl['mechanism'], password?: string): Sasl => ({
      mechanism,
      username: 'admin',
      password: password ?? cluster.users.get('admin') ?? '',
    });

    it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('does so by %s', (mechanism) =>
      mustWork(open({ brokers: cluster.brokers, sasl: login(mechanism) }), `by-${mechanism}`),
    );

    it('says so when its password is wrong, and waits', async () => {
      const bench = open({ brokers: cluster.brokers, sasl: login('plain', 'guessed') });
      await expect(bench.log.topics()).rejects.toThrow(LogUnavailable);
      await expect(bench.log.topics()).rejects.toThrow(/authenticat/i);
      member(bench, { group: 'seat', topics: ['seat'] });
      const [trouble] = await bench.troubles.until(atLeast(1));
      expect(trouble).toMatchObject({
        kind: 'away',
        message: expect.stringMatching(/authenticat/i),
      });
      expect(bench.stuck.all).toEqual([]);
    });

    it('says so when it may not do what it wants', async () => {
      const bench = open({
        brokers: cluster.brokers,
        sasl: { ...login('plain', cluster.users.get('seat')), username: 'seat' },
      });
      await expect(bench.log.declare([{ name: 'theirs' }])).rejects.toThrow(/authoriz/i);
    });
  });

  describe('that speaks TLS', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ensemble-tls-'));
    let cluster: KafkaCluster;
    let server: Server;
    let certificate: Buffer;

    beforeAll(async () => {
      const [port = 0, secure = 0] = await freePorts(2);
      const pfx = keysIn(directory);
      certificate = readFileSync(join(directory, 'certificate.pem'));
      server = createServer({ pfx, passphrase }, (client) => {
        const behind = connect({ host, port });
        client.pipe(behind).pipe(client);
        client.on('error', () => behind.destroy());
        behind.on('error', () => client.destroy());
      });
      server.listen(secure, host);
      await once(server, 'listening');
      cluster = await kafkaCluster({ ports: [port], advertised: [secure] });
    });
    afterAll(async () => {
      await stopAtOnce(cluster);
      server.close();
      rmSync(directory, { recursive: true });
    });

    it('trusts whom it is told to trust', () =>
      mustWork(open({ brokers: cluster.brokers, ssl: { ca: certificate } }), 'by-tls'));

    it('trusts nobody else', async () => {
      const bench = open({ brokers: cluster.brokers, ssl: true });
      await expect(bench.log.topics()).rejects.toThrow(/self.signed|unable to verify/i);
    });
  });
});

const passphrase = 'only for this test';

/** Makes a key for the loopback, and returns it; its certificate is beside it. */
const keysIn = (directory: string): Buffer => {
  const store = join(directory, 'keys.p12');
  const common = ['-keystore', store, '-storepass', passphrase, '-alias', 'kafka'];
  const name = ['-dname', 'CN=localhost', '-ext', `san=ip:${host}`];
  const make = ['-genkeypair', '-storetype', 'PKCS12', '-keyalg', 'EC', '-validity', '2'];
  execFileSync('keytool', [...make, ...common, ...name], { stdio: 'pipe' });
  const file = join(directory, 'certificate.pem');
  execFileSync('keytool', ['-exportcert', '-rfc', '-file', file, ...common], { stdio: 'pipe' });
  return readFileSync(store);
};
