import { beforeAll, describe, expect, it } from '@jest/globals';
import { variablesTable } from '@ensemble/host';
import { type Compose, readCompose } from './reading.ts';

const apps = ['gateway', 'seat', 'payment', 'ticket', 'notification', 'provider'];
const variables = new Set([...variablesTable().matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));

let one: Compose;
let three: Compose;
beforeAll(async () => {
  [one, three] = [await readCompose(), await readCompose('three')];
}, 240_000);

describe('docker compose', () => {
  it('runs each app in a container of its own', () => {
    for (const app of apps) expect(one.services[app]?.command).toEqual(['start/main.ts', app]);
  });

  it('starts no app before the topics are made and the stores are there', () => {
    for (const app of apps) {
      expect(one.services[app]?.depends_on).toEqual({
        topics: { condition: 'service_completed_successfully', required: true },
        mongo: { condition: 'service_healthy', required: true },
      });
    }
    for (const [name, { condition }] of Object.entries(one.services['topics']!.depends_on!)) {
      expect([name, condition]).toEqual([expect.stringMatching(/^kafka/), 'service_healthy']);
    }
  });

  it('has one broker, or three by the profile of that name', () => {
    const brokersOf = ({ services }: Compose) =>
      Object.keys(services).filter((name) => name.startsWith('kafka'));
    expect(brokersOf(one)).toEqual(['kafka']);
    expect(brokersOf(three)).toEqual(['kafka-1', 'kafka-2', 'kafka-3']);
  });

  it('has brokers that answer to the name by which the apps ask', () => {
    for (const app of apps) {
      expect(three.services[app]?.environment?.['KAFKA_BROKERS']).toBe('kafka:9092');
    }
    for (const name of ['kafka-1', 'kafka-2', 'kafka-3']) {
      expect(three.services[name]?.networks['inside']?.aliases).toEqual(['kafka']);
    }
  });

  it('can run as many of an app as it is told to', () => {
    const bound = Object.entries(one.services).filter(
      ([, { ports = [], container_name: name }]) => ports.length > 0 || name !== undefined,
    );
    expect(bound.map(([name]) => name)).toEqual(['gateway', 'mail', 'ticket']);
    // To nobody but this machine.
    for (const [, { ports = [] }] of bound) {
      expect(ports.map(({ host_ip: ip }) => ip)).toEqual(['127.0.0.1']);
    }
  });

  it('gives no app more than it needs, and no variable that it does not know', () => {
    for (const app of [...apps, 'topics']) {
      const { read_only: readOnly, environment = {} } = one.services[app]!;
      expect(readOnly).toBe(true);
      expect(Object.keys(environment).filter((name) => !variables.has(name))).toEqual([]);
    }
    expect(one.networks['inside']).toMatchObject({ internal: true });
  });
});
