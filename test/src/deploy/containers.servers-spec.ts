import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { boxOffice } from '@ensemble/start/box-office';
import { until } from '@ensemble/start/until';
import { freePorts, host, type Servers, startServers } from '@ensemble/testing/servers';
import { type PostOffice, postOffice } from '../e2e/post-office.ts';
import { type Child, codeOf, endChild } from '../entries.ts';
import { buildImage, type Image } from './image.ts';
import { type Compose, readCompose } from './reading.ts';

const dir = mkdtempSync(join(tmpdir(), 'ensemble-'));
// The image's user passes through.
chmodSync(dir, 0o755);

let image: Image;
let compose: Compose;
let servers: Servers | undefined;
let post: PostOffice | undefined;
/** Ports of the gateway, of tickets and of the provider. */
let ports: readonly [number, number, number];
const running: Container[] = [];

beforeAll(async () => {
  compose = await readCompose();
  image = await buildImage(dir);
  servers = await startServers();
  post = await postOffice();
  ports = (await freePorts(3)) as unknown as typeof ports;
  await post.open();
}, 400_000);

afterAll(async () => {
  await Promise.all(running.map(({ child }) => endChild(child, 'SIGKILL')));
  post?.close();
  await servers?.stop();
  rmSync(dir, { recursive: true });
});

interface Container {
  readonly child: Child;
  readonly env: Readonly<Record<string, string>>;
  printed(): string;
}

/** What a service's environment is where its neighbours are elsewhere. */
const onThisMachine = (value: string): string =>
  [
    ['kafka:9092', servers?.env.KAFKA_BROKERS],
    ['mongodb://mongo:27017', servers?.env.MONGODB_URL],
    ['//provider:3010', `//${host}:${ports[2]}`],
    ['smtp://mail:1025', post?.url],
    ['//localhost:3000', `//${host}:${ports[0]}`],
    ['//localhost:3001', `//${host}:${ports[1]}`],
    ['/keys/', `${image.at('/keys')}/`],
  ].reduce((said, [there = '', here = '']) => said.replaceAll(there, here), value);

/** Starts a container of a service, by the command and the environment of docker-compose.yml. */
const start = async (name: string): Promise<Container> => {
  const { command, environment = {} } = compose.services[name]!;
  const [ops] = await freePorts(1);
  const env = {
    ...Object.fromEntries(
      Object.entries(environment).map(([variable, value]) => [variable, onThisMachine(value)]),
    ),
    // Each container has a disk, and ports, of its own.
    ENSEMBLE_DATA: mkdtempSync(join(dir, 'data-')),
    HOST: host,
    OPS_PORT: String(ops),
    // Says at the end what had to be compiled.
    NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
    GATEWAY_PORT: String(ports[0]),
    TICKET_PORT: String(ports[1]),
    PROVIDER_PORT: String(ports[2]),
  };
  chmodSync(env.ENSEMBLE_DATA, 0o777);
  const child = image.run(command ?? [], { env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  }
  const container = { child, env, printed: () => printed };
  running.push(container);
  return container;
};

/** Resolves once the image's own health check says that a container is well. */
const isHealthy = async ({ child, env, printed }: Container): Promise<void> => {
  let said = '';
  await until(
    () => `a healthy container; its check said ${said}, it printed\n${printed()}`,
    async () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${printed()}`);
      const check = image.run([], { env, entrypoint: image.healthcheck });
      const [code, output] = await Promise.all([codeOf(check), text(check.stdout)]);
      said = output;
      return code === 0;
    },
    45_000,
  );
};

describe('the image', () => {
  it('has what runs, and nothing of the tests, the tools and the history', () => {
    const has = (path: string): boolean => existsSync(image.at(join('/ensemble', path)));
    expect(
      ['start/main.ts', 'node_modules/kafkajs', 'apps/seat/src/seat.ts'].filter(has),
    ).toHaveLength(3);
    const extra = ['.git', '.env', 'node_modules/jest', 'node_modules/typescript', 'test/src'];
    expect([...extra, 'apps/seat/src/seat.spec.ts', 'README.md'].filter(has)).toEqual([]);
  });
});

describe('docker compose', () => {
  const apps = ['provider', 'gateway', 'seat', 'payment', 'payment', 'ticket', 'notification'];

  it('makes the topics before anybody starts', async () => {
    const topics = await start('topics');
    expect([await codeOf(topics.child), topics.printed()]).toEqual([
      0,
      expect.stringMatching(/topics of 12 partitions: .*booking.*seat/),
    ]);
  });

  it('starts every app, two of one, and all become healthy', async () => {
    const containers = await Promise.all(apps.map(start));
    await Promise.all(containers.map(isHealthy));
  }, 120_000);

  it('sells a seat, and its mail is written', async () => {
    const gateway = boxOffice(`http://${host}:${ports[0]}`);
    const booking = await gateway.book({
      showId: 'hamlet',
      section: 'stalls',
      seats: ['A-1'],
      customer: { name: 'Ada', email: 'ada@example.org' },
      card: 'pm_card_visa',
    });
    const { ticket } = await booking.ends('ticketed');
    const { status } = await fetch(ticket!.links.pdf);
    expect(status).toBe(200);
    expect(post?.mails()).toHaveLength(1);
  });

  it('ends every app in order', async () => {
    const alive = running.filter(({ child }) => child.exitCode === null);
    expect(alive).toHaveLength(apps.length);
    const codes = await Promise.all(alive.map(({ child }) => endChild(child, 'SIGTERM')));
    expect(codes).toEqual(alive.map(() => 0));
  });

  it('had to compile next to nothing', () => {
    const said = running.map(({ printed }) => printed()).join('');
    const written = [...said.matchAll(/writing cache for \w+ (\S+)/g)].map(
      ([, file]) => file ?? '',
    );
    expect(said).toContain('because cache was the same');
    // What an answer to a request loads may come later.
    expect(
      written.filter((file) => /(?:apps|contracts|libs|kafkajs|mongodb)\//.test(file)),
    ).toEqual([]);
  });
});
