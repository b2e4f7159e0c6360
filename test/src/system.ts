import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Log, type LogRecord, type NewRecord, sqliteLog } from '@ensemble/log';
import { type BoxOffice, boxOffice } from '@ensemble/start/box-office';
import { type PretendProvider, pretendProvider } from '@ensemble/start/pretend-provider';
import type { ReadMail } from '@ensemble/testing/mail';
import { codeOf, runEntry } from './entries.ts';
import { type Instance, instance, somePorts, type Urls } from './instance.ts';
import { mustBeAsDeclared, type Unusual } from './monitor/as-declared.ts';

/** Of every topic of these systems. */
export const partitions = 12;

/** The token with which the operator of these systems opens shows. */
export const operatorToken = 'token-of-the-operator';

/** The token of the north door of these systems; the south door's ends in `-of-the-south`. */
export const stewardToken = 'token-of-the-steward';

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The whole system, in one process or in many. */
export interface System {
  /** Where each gateway answers. */
  readonly gateways: readonly string[];
  /** The gateways, asked in turn. */
  readonly gateway: BoxOffice;
  readonly provider: PretendProvider;
  /** The key that signs tickets. */
  readonly keyFile: string;
  /** Has the system run, or these apps of it and no others; waits until it is ready. */
  start(...apps: readonly string[]): Promise<void>;
  /** Ends the system as a loss of power would. */
  kill(): Promise<void>;
  /** Ends the system by SIGTERM; rejects unless it ends with 0 in time. */
  stop(): Promise<void>;
  /** Everything the system has printed since it was first started. */
  printed(): string;
  /** Runs a command of the repository, `start/<name>.ts`, on the same data and ports. */
  command(name: string, ...args: readonly string[]): Promise<Ended>;
  /** The mails written so far. */
  mails(): ReadMail[];
  /** The value of a counter or gauge, summed over the series that have these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** Everything on the log, while the system is down. */
  records(): Promise<LogRecord[]>;
  /** Puts records straight onto the log, while the system is down. */
  append(records: readonly NewRecord[]): Promise<void>;
  /** What the test brings about on purpose: it is not held against the system in the end. */
  expects(...unusual: readonly Unusual[]): void;
  /**
   * Ends the system if it runs, holds its log to what the services declare, and removes the data.
   * @throws Error if something went otherwise, and nobody expected it
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The system as `npm start` runs it: one process that embeds its log and its stores. */
export interface EmbeddedSystem extends System {
  readonly data: string;
  /** Where each server of the process answers. */
  readonly urls: Urls;
  /** Starts the process on a disk that is full when a file has this size, in blocks of 512 B. */
  startWithDisk(blocks: number): Promise<void>;
}

export interface SystemOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** What every process of these systems is told. */
export const commonEnv = {
  PARTITIONS: String(partitions),
  RATE_LIMIT: '0',
  OPERATOR_TOKENS: `operator:${operatorToken}`,
  STEWARD_TOKENS: `north-door:${stewardToken},south-door:${stewardToken}-of-the-south`,
};

/** A system in one process that has not been started yet. */
export const system = async ({ env: more = {} }: SystemOptions = {}): Promise<EmbeddedSystem> => {
  const data = mkdtempSync(join(tmpdir(), 'ensemble-'));
  const only = instance({
    name: 'the system',
    apps: [],
    data,
    ports: await somePorts(),
    env: { ...commonEnv, ...more },
  });
  let running = '';
  return {
    ...systemOf({
      instances: [only],
      gateways: [only.urls.gateway],
      provider: only.urls.provider,
      commandEnv: only.env,
      keyFile: join(data, 'ticket-key.pem'),
      dir: data,
      openLog: () => sqliteLog({ file: join(data, 'log.sqlite'), partitions }),
    }),
    data,
    urls: only.urls,
    start: async (...apps) => {
      if (only.isRunning() && running === apps.join()) return;
      if (only.isRunning()) await only.stop();
      running = apps.join();
      await only.start({ apps });
    },
    startWithDisk: (diskBlocks) => only.start({ diskBlocks }),
  };
};

/** What all systems have in common: the processes that they are made of, and their log. */
export const systemOf = ({
  instances,
  gateways,
  provider,
  commandEnv: env,
  keyFile,
  dir,
  openLog,
}: Pick<System, 'gateways' | 'keyFile'> & {
  /** More may come. */
  readonly instances: readonly Instance[];
  /** Where the provider answers. */
  readonly provider: string;
  readonly commandEnv: Readonly<Record<string, string>>;
  /** All that the system leaves behind. */
  readonly dir: string;
  readonly openLog: () => Log;
}): Omit<System, 'start'> => {
  const expected = new Set<Unusual>();
  const running = (): Instance[] => instances.filter((each) => each.isRunning());

  const withLog = async <Result>(work: (log: Log) => Promise<Result>): Promise<Result> => {
    if (running().length > 0) throw new Error('expected the system to be down: the log is its own');
    const log = openLog();
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  };

  const kill = async (): Promise<void> =>
    void (await Promise.all(running().map((each) => each.kill())));

  return {
    gateways,
    gateway: boxOffice(...gateways),
    provider: pretendProvider(provider),
    keyFile,
    kill,
    stop: async () => void (await Promise.all(running().map((each) => each.stop()))),
    printed: () => instances.map((each) => each.printed()).join(''),
    command: async (name, ...args) => {
      const child = runEntry(name, args, { env });
      const [code, out, err] = await Promise.all([
        codeOf(child),
        text(child.stdout),
        text(child.stderr),
      ]);
      return { code, out, err };
    },
    mails: () => instances.flatMap((each) => each.mails()),
    metric: async (name, labels) => {
      const values = await Promise.all(running().map((each) => each.metric(name, labels)));
      return values.reduce((sum, value) => sum + value, 0);
    },
    records: () => withLog(everythingOn),
    append: (records) => withLog((log) => log.append(records)),
    expects: (...unusual) => unusual.forEach((each) => expected.add(each)),
    [Symbol.asyncDispose]: async () => {
      await kill();
      try {
        mustBeAsDeclared(await withLog(everythingOn), expected);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
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
