import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig, variablesTable } from '@ensemble/host';
import { linksTo } from '@ensemble/monitor';
import { type Compose, readCompose, root } from './reading.ts';

const apps = ['gateway', 'seat', 'payment', 'ticket', 'notification', 'provider', 'monitor'];
const variables = new Set([...variablesTable().matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));

let one: Compose;
let three: Compose;
let observed: Compose;
beforeAll(async () => {
  [one, three] = [await readCompose(), await readCompose('three')];
  observed = await readCompose(`--env-file=${join(root, 'deploy/observability/env')}`);
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
    expect(bound.map(([name]) => name)).toEqual(['gateway', 'mail', 'monitor', 'ticket']);
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

  it('has the tools of SREs beside it by the file of that name, and spans go there', () => {
    const tools = Object.keys(observed.services).filter((name) => !(name in one.services));
    expect(tools).toEqual(['collector', 'grafana', 'jaeger', 'prometheus']);
    for (const [compose, endpoint] of [
      [one, 'http://monitor:3002'],
      [observed, 'http://collector:4318'],
    ] as const) {
      for (const app of apps) {
        const { environment } = compose.services[app]!;
        // The monitor would tell itself of being told.
        const expected = app === 'monitor' ? '' : endpoint;
        expect(environment?.['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe(expected);
      }
    }
    for (const tool of tools) {
      const { image, volumes = [], ports = [] } = observed.services[tool]!;
      expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
      expect(ports.map(({ host_ip: ip }) => ip)).toEqual(ports.map(() => '127.0.0.1'));
      const files = volumes.filter(({ type }) => type === 'bind').map(({ source }) => source);
      expect(files.filter((file) => !existsSync(file))).toEqual([]);
    }
  });

  it('leads from the monitor to Jaeger and to Grafana, where they are', () => {
    const links = observed.services['monitor']?.environment?.['TRACE_LINKS'];
    const { TRACE_LINKS: templates = [] } = readConfig({ TRACE_LINKS: links });
    const ids = { bookingId: 'a-booking', traceId: 'a-trace' };
    const urls = [...linksTo(templates, ids), ...linksTo(templates, { bookingId: ids.bookingId })];
    expect(urls.map(({ name }) => name)).toEqual(['Jaeger', 'Grafana', 'Jaeger search']);
    const ports = ['jaeger', 'grafana'].flatMap((tool) => observed.services[tool]?.ports ?? []);
    const published = ports.map((each) => each.published);
    for (const { url } of urls) expect(published).toContain(new URL(url).port);
  });
});
