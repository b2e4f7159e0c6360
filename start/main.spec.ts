import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from './until.ts';

jest.setTimeout(30_000);

const root = join(import.meta.dirname, '..');
const data = mkdtempSync(join(tmpdir(), 'ensemble-start-'));
const anyPort = {
  GATEWAY_PORT: '0',
  TICKET_PORT: '0',
  MONITOR_PORT: '0',
  OPS_PORT: '0',
  PROVIDER_PORT: '0',
};
const env = { PATH: process.env['PATH'] ?? '', ENSEMBLE_DATA: data, ...anyPort };

const children = new Set<ChildProcess>();
const run = (entry: string, args: readonly string[] = [], more: Record<string, string> = {}) => {
  const command = ['start/run.mjs', `start/${entry}.ts`, ...args];
  const child = spawn(process.execPath, command, { cwd: root, env: { ...env, ...more } });
  children.add(child);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output.text += text));
  }
  const exit = once(child, 'close').then(([code]: (number | null)[]) => {
    children.delete(child);
    return code ?? null;
  });
  return { child, output, exit };
};

const end = async (...started: Parameters<typeof run>) => {
  const { output, exit } = run(...started);
  return { code: await exit, text: output.text };
};

interface Ready {
  readonly ready: boolean;
  readonly services: Readonly<Record<string, unknown>>;
}
const readiness = async (): Promise<Ready | undefined> => {
  const file = join(data, 'ops.json');
  if (!existsSync(file)) return undefined;
  const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string };
  const response = await fetch(`${url}/readyz`).catch(() => undefined);
  return response?.ok ? ((await response.json()) as Ready) : undefined;
};

const start = async (...apps: string[]) => {
  const system = run('main', apps);
  const { services } = await until(() => `ready, found ${system.output.text}`, readiness, 10_000);
  return { ...system, services: Object.keys(services) };
};
type System = Awaited<ReturnType<typeof start>>;

const stop = async ({ child, exit }: System) => {
  const began = performance.now();
  child.kill('SIGTERM');
  const code = await exit;
  return { code, tookMs: performance.now() - began };
};

afterAll(() => rmSync(data, { recursive: true }));

describe('npm start', () => {
  let system: System;
  beforeAll(async () => {
    system = await start();
  });
  afterEach(() => expect(system.child.exitCode).toBeNull());
  afterAll(async () => {
    const { code, tookMs } = await stop(system);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(5_000);
    expect(existsSync(join(data, 'pid'))).toBe(false);
  });

  it('prints where everything is, and the token that it made', () => {
    const [, ...lines] = system.output.text.trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}book seats +http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^ {2}API docs +http:\/\/127\.0\.0\.1:\d+\/docs$/),
      expect.stringMatching(/^ {2}tickets +http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^ {2}door +http:\/\/127\.0\.0\.1:\d+\/door$/),
      expect.stringMatching(/^ {2}monitor +http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^ {2}operations +http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^ {2}provider +http:\/\/127\.0\.0\.1:\d+$/),
      `  data               ${data}`,
      expect.stringMatching(/^ {2}operator's token +[\w-]{32}$/),
      expect.stringMatching(/^ {2}steward's token +[\w-]{32}$/),
    ]);
  });

  it('says who it is, and has three shows on sale', async () => {
    expect(readFileSync(join(data, 'pid'), 'utf8').trim()).toBe(String(system.child.pid));
    const [gateway] = /http:\S+/.exec(system.output.text) ?? [];
    const response = await fetch(`${gateway}/api/shows`);
    const { shows } = (await response.json()) as { shows: { showId: string }[] };
    expect(shows.map(({ showId }) => showId).toSorted()).toEqual([
      'hamlet',
      'late-jazz',
      'magic-flute',
    ]);
  });

  it('starts once on the same data', async () => {
    const { code, text } = await end('main');
    expect(code).toBe(2);
    expect(text).toContain(`in use by process ${system.child.pid}`);
  });

  it('carries out commands while it runs', async () => {
    expect(await end('redrive', ['seat'])).toEqual({
      code: 0,
      text: 'seat: 0 redriven, 0 had been before\n',
    });
    const replayed = await end('replay', ['gateway']);
    expect(replayed).toEqual({ code: 0, text: expect.stringContaining('built anew') });
    const seat = await end('replay', ['seat']);
    expect(seat).toEqual({ code: 1, text: expect.stringContaining('only gateway keeps') });
  });
});

describe('npm start, after a first time', () => {
  it('goes on after kill -9, which leaves no lock', async () => {
    const killed = await start();
    killed.child.kill('SIGKILL');
    await killed.exit;
    const system = await start();
    expect((await stop(system)).code).toBe(0);
  });

  it('runs only the apps that are named', async () => {
    const system = await start('gateway', 'seat');
    expect(system.services).toEqual(['seat', 'gateway', 'first shows']);
    const missing = 'provider, payment, ticket, notification, monitor';
    await until(missing, () => system.output.text.includes(`  not started        ${missing}\n`));
    expect((await stop(system)).code).toBe(0);
  });

  it('builds no read models anew in a process without the gateway', async () => {
    const system = await start('seat');
    const replayed = await end('replay', ['gateway']);
    expect(replayed).toEqual({ code: 1, text: expect.stringContaining('start gateway, or stop') });
    expect((await stop(system)).code).toBe(0);
  });

  it('says that the key of the tickets is away, and waits for it', async () => {
    const key = join(data, 'ticket-key.pem');
    renameSync(key, `${key}.away`);
    const system = run('main', ['ticket']);
    await until('the banner', () => system.output.text.includes('operations'));
    expect(system.output.text).toContain('the signing key is away');
    expect(await readiness()).toBeUndefined();
    renameSync(`${key}.away`, key);
    const { services } = await until('ready', readiness);
    expect(Object.keys(services)).toEqual(['ticket']);
    system.child.kill('SIGTERM');
    expect(await system.exit).toBe(0);
  });

  it('does not sign with another key', async () => {
    const key = join(data, 'other.pem');
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { code, text } = await end('main', ['ticket'], { TICKET_KEY_FILE: key });
    expect([code, text]).toEqual([2, expect.stringMatching(/^expected the key .+, found .+\n$/)]);
  });

  it('starts nothing with a secret that bookings were not made with', async () => {
    const more = { ENSEMBLE_DATA: join(data, 'without provider') };
    const first = run('main', ['gateway'], more);
    await until('the banner', () => first.output.text.includes('operations'));
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    const { code } = await end('main', [], { ...more, BOOKING_SECRET: 'another secret' });
    expect(code).toBe(2);
    // The provider is the first to start.
    expect(existsSync(join(more.ENSEMBLE_DATA, 'provider.sqlite'))).toBe(false);
  });

  it('makes no directory for a key that was given', async () => {
    const more = { ENSEMBLE_DATA: join(data, 'new'), TICKET_KEY_FILE: join(data, 'no/key.pem') };
    const { code, text } = await end('main', ['ticket'], more);
    expect([code, text]).toEqual([2, expect.stringContaining('expected the directory')]);
  });

  it('has commands that work while it is stopped', async () => {
    const redriven = await end('redrive', ['payment']);
    expect(redriven).toEqual({ code: 0, text: 'payment: 0 redriven, 0 had been before\n' });
    const replayed = await end('replay', ['gateway']);
    expect(replayed).toEqual({ code: 0, text: expect.stringContaining('built anew') });
  });

  it.each<[string, string, string[], Record<string, string>, string]>([
    ['an app that is not known', 'main', ['seats'], {}, 'There is no app seats: expected some of'],
    ['a wrong environment', 'main', [], { GATEWAY_PORT: 'x' }, 'GATEWAY_PORT: expected a port'],
    ['another secret', 'main', [], { BOOKING_SECRET: 'another secret' }, 'BOOKING_SECRET'],
    ['another number of partitions', 'main', [], { PARTITIONS: '5' }, '12 partitions'],
    ['a directory that cannot be', 'main', [], { ENSEMBLE_DATA: '/dev/null/x' }, 'cannot be used'],
    ['a service that is not known', 'redrive', ['seats'], {}, 'there is no service seats'],
    ['no service', 'replay', [], {}, 'usage: npm run replay -- <service>'],
    [
      'a key that is not there',
      'verify-ticket',
      ['x.y', '--key', 'none'],
      {},
      'public key in none',
    ],
  ])('ends with a sentence and 2 for %s', async (_what, entry, args, more, sentence) => {
    const { code, text } = await end(entry, args, more);
    expect(text).toContain(sentence);
    expect(text.split('\n').length).toBeLessThan(5);
    expect(code).toBe(2);
  });
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});
