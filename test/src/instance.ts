import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ensemble/start/until';
import { type ReadMail, readMail } from '@ensemble/testing/mail';
import { freePorts, host } from '@ensemble/testing/servers';
import { type Child, endChild, runEntry } from './entries.ts';

/** Servers of a process, if it has them. */
const servers = ['gateway', 'ticket', 'monitor', 'ops', 'provider'] as const;
type Server = (typeof servers)[number];
/** The port of each. */
export type Ports = Readonly<Record<Server, number>>;
/** Where each answers. */
export type Urls = Readonly<Record<Server, string>>;

const each = <Value>(of: (server: Server, index: number) => Value): Record<Server, Value> =>
  Object.fromEntries(servers.map((server, index) => [server, of(server, index)])) as Record<
    Server,
    Value
  >;

/** Ports for a process. */
export const somePorts = async (): Promise<Ports> => {
  const free = await freePorts(servers.length);
  return each((_, index) => free[index] ?? 0);
};

/** One process of the system, as `npm start` runs it, on a data directory of its own. */
export interface Instance {
  readonly name: string;
  readonly data: string;
  readonly urls: Urls;
  /** Its environment. */
  readonly env: Readonly<Record<string, string>>;
  isRunning(): boolean;
  /** Starts it, and waits until it is ready. */
  start(options?: StartOptions): Promise<void>;
  /** Starts it, and waits for nothing. */
  launch(options?: StartOptions): void;
  /** Resolves once it is ready. */
  ready(): Promise<void>;
  /** What `/readyz` answers; undefined while nobody does. */
  readiness(): Promise<{ readonly status: number; readonly text: string } | undefined>;
  /** Ends it as a loss of power would. */
  kill(): Promise<void>;
  /** Ends it by SIGTERM; rejects unless it ends with 0 in time. */
  stop(): Promise<void>;
  /** Freezes it: connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Everything it has printed since it was first started. */
  printed(): string;
  /** The value of a counter or gauge, summed over the series that have these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** The mails it has written so far. */
  mails(): ReadMail[];
}

export interface StartOptions {
  /** What is started; by default what it is an instance of. */
  readonly apps?: readonly string[];
  /** A disk that is full when a file has this size, in blocks of 512 B. */
  readonly diskBlocks?: number;
}

export interface InstanceOptions {
  readonly name: string;
  /** The apps that it runs; none: all. */
  readonly apps: readonly string[];
  /** Its data directory; made if it is not there. */
  readonly data: string;
  readonly ports: Ports;
  /** What is in its environment beside its data directory, host and ports. */
  readonly env: Readonly<Record<string, string>>;
}

/** So long one may take that waits for the members of a group which were lost with its last life. */
const readyLimitMs = 60_000;

/** A process that has not been started yet. */
export const instance = ({ name, apps, data, ports, env: more }: InstanceOptions): Instance => {
  mkdirSync(data, { recursive: true });
  const urls = each((server) => `http://${host}:${ports[server]}`);
  const env = {
    ENSEMBLE_DATA: data,
    HOST: host,
    ...Object.fromEntries(
      servers.map((server) => [`${server.toUpperCase()}_PORT`, String(ports[server])]),
    ),
    ...more,
  };
  let running: Child | null = null;
  let printed = '';

  const living = (): Child => {
    if (running === null) throw new Error(`expected ${name} to run`);
    return running;
  };

  const launch = ({ apps: some = apps, diskBlocks }: StartOptions = {}): void => {
    if (running !== null) throw new Error(`expected ${name} to be down`);
    const child = runEntry('main', some, {
      env,
      ...(diskBlocks === undefined ? {} : { diskBlocks }),
    });
    running = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    }
  };

  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const child = living();
    running = null;
    return endChild(child, signal);
  };

  const readiness: Instance['readiness'] = async () => {
    const response = await fetch(`${urls.ops}/readyz`).catch(() => undefined);
    return response && { status: response.status, text: await response.text() };
  };

  const ready = async (): Promise<void> => {
    const child = living();
    let said = 'nothing';
    await until(
      () => `${name} to be ready; it said ${said} and printed\n${printed}`,
      async () => {
        if (child.exitCode !== null) {
          throw new Error(`expected ${name} to start, exit ${child.exitCode} after\n${printed}`);
        }
        const found = await readiness();
        said = found?.text ?? said;
        return found?.status === 200;
      },
      readyLimitMs,
    );
  };

  return {
    name,
    data,
    urls,
    env,
    isRunning: () => running !== null,
    start: async (options) => {
      launch(options);
      await ready();
    },
    launch,
    ready,
    readiness,
    kill: async () => void (await end('SIGKILL')),
    stop: async () => {
      const code = await end('SIGTERM');
      if (code === 0) return;
      throw new Error(`expected ${name} to exit with 0 within 5 s of SIGTERM, found ${code}`);
    },
    pause: () => void living().kill('SIGSTOP'),
    resume: () => void living().kill('SIGCONT'),
    printed: () => printed,
    metric: async (metric, labels = {}) =>
      sumOf(await (await fetch(`${urls.ops}/metrics`)).text(), metric, labels),
    mails: () => mailsIn(join(data, 'mails')),
  };
};

const mailsIn = (folder: string): ReadMail[] =>
  globSync(join(folder, '*.eml')).map((file) => readMail(readFileSync(file, 'utf8')));

const sumOf = (metrics: string, name: string, labels: Readonly<Record<string, string>>): number => {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(name) && wanted.every((each) => line.includes(each)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
};
