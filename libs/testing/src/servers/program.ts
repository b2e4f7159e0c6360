import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, openSync } from 'node:fs';
import process from 'node:process';
import type { Writable } from 'node:stream';
import { endsWithThis } from './heir.ts';

/** What ends a server: without warning, or in order. */
export type End = 'SIGKILL' | 'SIGTERM';

/** Something that runs on this machine and can be lost, frozen and had again. */
export interface Program {
  /** Starts it, again after an end, on the same port and data; resolves once it serves. */
  start(): Promise<void>;
  /** Resolves when it is gone. One that is frozen goes only by SIGKILL. */
  kill(signal: End): Promise<void>;
  /** Freezes it, by SIGSTOP: connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Ends it if it runs: in order, and after 10 s without; or by SIGKILL at once. */
  stop(signal?: End): Promise<void>;
}

/** A server on loopback. */
export interface ServerProcess extends Program {
  readonly port: number;
}

export interface ProgramOptions {
  /** What it is, for errors. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What is in its environment beside what is in this one's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whose process it is, if not this one's. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** The file that takes what it prints. */
  readonly log: string;
  /** What it prints once it serves. */
  readonly serves: string;
  /** What it takes for the wish to end in order. */
  readonly term?: NodeJS.Signals;
}

/** Long: machines may be busy. */
const startLimitMs = 120_000;
const stopLimitMs = 10_000;
const tailLength = 4_000;

/** A program that has not been started yet. It ends with this process, however that ends. */
export const program = (options: ProgramOptions): Program => {
  const { name, term = 'SIGTERM' } = options;
  let running: ChildProcess | null = null;
  let written: Promise<unknown> = Promise.resolve();

  const pidOf = (child: ChildProcess | null): number => {
    if (child?.pid === undefined) throw new Error(`expected ${name} to run`);
    return child.pid;
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = running;
    const pid = pidOf(child);
    // Its last words are in the log then.
    const gone = once(child as ChildProcess, 'close').then(() => written);
    if (signal === 'SIGKILL') killAll(pid);
    else send(pid, signal);
    await gone;
  };

  return {
    start: async () => {
      if (running !== null) throw new Error(`expected ${name} to be down`);
      // Opened at once: its folder may be gone before the last words are written.
      const file = createWriteStream(options.log, { fd: openSync(options.log, 'a') });
      const child = launch(options, file);
      running = child;
      written = once(file, 'close');
      for (const over of ['exit', 'error']) child.once(over, () => (running = null));
      try {
        await serving(child, options);
      } catch (error) {
        if (running !== null) await end('SIGKILL');
        throw error;
      }
    },
    kill: (signal) => end(signal === 'SIGTERM' ? term : signal),
    pause: () => signalAll(pidOf(running), 'SIGSTOP'),
    resume: () => signalAll(pidOf(running), 'SIGCONT'),
    stop: async (signal = 'SIGTERM') => {
      if (running === null) return;
      if (signal === 'SIGKILL') return end(signal);
      const pid = pidOf(running);
      signalAll(pid, 'SIGCONT');
      const patience = setTimeout(() => killAll(pid), stopLimitMs);
      try {
        await end(term);
      } finally {
        clearTimeout(patience);
      }
    },
  };
};

/** Starts it in a process group of its own: what is meant for this one's is not meant for it. */
const launch = ({ command, args, env, user }: ProgramOptions, log: Writable): ChildProcess => {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...user,
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once('close', () => log.end());
  endsWithThis(child);
  return child;
};

/** Resolves once a process has printed that it serves. */
const serving = (child: ChildProcess, { name, serves, log }: ProgramOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    let tail = '';
    const fail = (found: string): void =>
      reject(new Error(`expected ${name} to serve, ${found}; see ${log}, which ends\n${tail}`));
    const patience = setTimeout(
      () => fail(`it did not within ${startLimitMs / 1000} s`),
      startLimitMs,
    );
    const hear = (chunk: string): void => {
      tail = `${tail}${chunk}`.slice(-tailLength);
      if (tail.includes(serves)) settle(resolve);
    };
    const settle = (how: () => void): void => {
      clearTimeout(patience);
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', hear);
      how();
    };
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
    child.once('error', ({ message }) => settle(() => fail(message)));
    child.once('close', (code, signal) => settle(() => fail(`it ended with ${signal ?? code}`)));
  });

/** Ends a process and all that it forked: it stands still first, so that it forks no more. */
const killAll = (pid: number): void => {
  send(pid, 'SIGSTOP');
  signalAll(pid, 'SIGKILL');
};

const signalAll = (root: number, signal: NodeJS.Signals): void => {
  for (const pid of treeOf(root)) send(pid, signal);
};

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Some end by themselves meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** A process and all below it, whatever groups they have moved to. */
const treeOf = (root: number): number[] => {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] => [
    parent,
    ...rows.filter(([, ppid]) => ppid === parent).flatMap(([pid = 0]) => below(pid)),
  ];
  return below(root);
};
