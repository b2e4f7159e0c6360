import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Log, type LogRecord, type NewRecord, sqliteLog } from '@ensemble/log';
import { type BoxOffice, boxOffice } from '@ensemble/start/box-office';
import { type PretendProvider, pretendProvider } from '@ensemble/start/pretend-provider';
import { until } from '@ensemble/start/until';
import { type ReadMail, readMail } from '@ensemble/testing/mail';
import { type Child, codeOf, endChild, runEntry } from './entries.ts';
import { freePorts, host } from './free-ports.ts';

const partitions = 12;

/** The token with which the operator of these systems opens shows. */
export const operatorToken = 'token-of-the-operator';

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The whole system as `npm start` runs it: a process of its own on a data directory of its own. */
export interface System {
  readonly data: string;
  /** Where each server of the process answers. */
  readonly urls: Readonly<Record<'gateway' | 'ticket' | 'ops' | 'provider', string>>;
  readonly gateway: BoxOffice;
  readonly provider: PretendProvider;
  /** Starts the process, or these apps of it, and waits until it is ready. */
  start(...apps: readonly string[]): Promise<void>;
  /** Starts the process on a disk that is full when a file has this size, in blocks of 512 B. */
  startWithDisk(blocks: number): Promise<void>;
  /** Ends the process as a loss of power would. */
  kill(): Promise<void>;
  /** Ends the process by SIGTERM; rejects unless it ends with 0 in time. */
  stop(): Promise<void>;
  /** Everything the process has printed since it was first started. */
  printed(): string;
  /** Runs a command of the repository, `start/<name>.ts`, on the same data and ports. */
  command(name: string, ...args: readonly string[]): Promise<Ended>;
  /** The mails written so far. */
  mails(): ReadMail[];
  /** The value of a counter or gauge, summed over the series that have these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** Everything on the log, while the process is down. */
  records(): Promise<LogRecord[]>;
  /** Puts records straight onto the log, while the process is down. */
  append(records: readonly NewRecord[]): Promise<void>;
  /** Ends the process if it runs, and removes the data. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SystemOptions {
  readonly env?: Readonly<Record<string, string>>;
}

/** A system that has not been started yet. */
export const system = async ({ env: more = {} }: SystemOptions = {}): Promise<System> => {
  const data = mkdtempSync(join(tmpdir(), 'ensemble-'));
  const [gateway = '', ticket = '', ops = '', provider = ''] = (await freePorts(4)).map(String);
  const env = {
    ENSEMBLE_DATA: data,
    HOST: host,
    GATEWAY_PORT: gateway,
    TICKET_PORT: ticket,
    OPS_PORT: ops,
    PROVIDER_PORT: provider,
    PARTITIONS: String(partitions),
    RATE_LIMIT: '0',
    OPERATOR_TOKENS: `operator:${operatorToken}`,
    ...more,
  };
  const urls = {
    gateway: `http://${host}:${gateway}`,
    ticket: `http://${host}:${ticket}`,
    ops: `http://${host}:${ops}`,
    provider: `http://${host}:${provider}`,
  };
  let running: Child | null = null;
  let printed = '';

  const begin = async (child: Child): Promise<void> => {
    running = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    }
    await ready(child, urls.ops, () => printed);
  };

  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    if (running === null) throw new Error(`expected a running system to send ${signal} to`);
    const child = running;
    running = null;
    return endChild(child, signal);
  };

  const withLog = <Result>(work: (log: Log) => Promise<Result>): Promise<Result> => {
    if (running !== null) throw new Error('expected the system to be down: the log is its own');
    return onLog(join(data, 'log.sqlite'), work);
  };

  return {
    data,
    urls,
    gateway: boxOffice(urls.gateway),
    provider: pretendProvider(urls.provider),
    start: (...apps) => begin(runEntry('main', apps, { env })),
    startWithDisk: (diskBlocks) => begin(runEntry('main', [], { env, diskBlocks })),
    kill: async () => void (await end('SIGKILL')),
    stop: async () => {
      const code = await end('SIGTERM');
      if (code !== 0) throw new Error(`expected exit 0 within 5 s of SIGTERM, found ${code}`);
    },
    printed: () => printed,
    command: async (name, ...args) => {
      const child = runEntry(name, args, { env });
      const [code, out, err] = await Promise.all([
        codeOf(child),
        text(child.stdout),
        text(child.stderr),
      ]);
      return { code, out, err };
    },
    mails: () => mailsIn(join(data, 'mails')),
    metric: async (name, labels = {}) =>
      sumOf(await (await fetch(`${urls.ops}/metrics`)).text(), name, labels),
    records: () => withLog(everythingOn),
    append: (records) => withLog((log) => log.append(records)),
    [Symbol.asyncDispose]: async () => {
      if (running !== null) await end('SIGKILL');
      rmSync(data, { recursive: true, force: true });
    },
  };
};

const ready = async (child: Child, opsUrl: string, printed: () => string): Promise<void> => {
  let said = 'nothing';
  await until(
    () => `the system to be ready; it said ${said} and printed\n${printed()}`,
    async () => {
      if (child.exitCode !== null) {
        throw new Error(`expected the system to start, exit ${child.exitCode} after\n${printed()}`);
      }
      const response = await fetch(`${opsUrl}/readyz`).catch(() => undefined);
      said = (await response?.text()) ?? said;
      return response?.ok;
    },
  );
};

const onLog = async <Result>(
  file: string,
  work: (log: Log) => Promise<Result>,
): Promise<Result> => {
  const log = sqliteLog({ file, partitions });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
};

const everythingOn = async (log: Log): Promise<LogRecord[]> => {
  const records: LogRecord[] = [];
  const reader = log.read({
    topics: 'all',
    from: 'start',
    onRecords: (some) => void records.push(...some),
  });
  await reader.caughtUp;
  await reader.stop();
  return records;
};

const mailsIn = (folder: string): ReadMail[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.eml'))
    .map((file) => readMail(readFileSync(join(folder, file), 'utf8')));

const sumOf = (metrics: string, name: string, labels: Readonly<Record<string, string>>): number => {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(name) && wanted.every((each) => line.includes(each)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
};
