import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { endsWithThis } from '@ensemble/testing/servers';

/** A process of the system, whose output is read. */
export type Child = ChildProcessByStdio<null, Readable, Readable>;

const root = join(import.meta.dirname, '../..');
const node = join(root, 'node_modules/.bin/node');
const endLimitMs = 5_000;

/**
 * Runs an entry of the repository, `start/<name>.ts`, with this environment and nothing else.
 * @param options.diskBlocks a disk that is full when a file has so many blocks of 512 bytes
 */
export const runEntry = (
  name: string,
  args: readonly string[],
  { env, diskBlocks }: { env: Readonly<Record<string, string>>; diskBlocks?: number },
): Child => {
  const limit =
    diskBlocks === undefined ? [] : ['sh', '-c', `ulimit -f ${diskBlocks}; exec "$@"`, 'sh'];
  const entry = ['start/run.mjs', `start/${name}.ts`];
  const [command = node, ...rest] = [...limit, node, ...entry, ...args];
  const child = spawn(command, rest, {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      // Half of the time of a start is for compiling what was compiled before.
      NODE_COMPILE_CACHE: join(root, '.nx/compiled'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // None outlives this process, however it ends.
  endsWithThis(child);
  return child;
};

/** Resolves to the exit code once the process has ended; null if a signal ended it. */
export const codeOf = async (child: Child): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

/** Ends a process, for good after 5 s; resolves to its exit code. */
export const endChild = async (
  child: Child,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<number | null> => {
  const patience = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
  child.kill(signal);
  try {
    return await codeOf(child);
  } finally {
    clearTimeout(patience);
  }
};
