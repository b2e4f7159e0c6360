import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Program, program } from './program.ts';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'ensemble-'))));
afterEach(() => rmSync(dir, { recursive: true }));

/** A program of the shell's, which leaves the ids of its processes in files. */
const shell = (script: string): Program =>
  program({
    name: 'the program',
    command: 'sh',
    args: ['-c', script],
    log: join(dir, 'log'),
    serves: 'at your service',
  });

/** One with a child in a session of its own, as PostgreSQL has. */
const forking = (): string =>
  `echo $$ > ${dir}/parent; setsid sh -c 'echo $$ > ${dir}/child; exec sleep 600' &
  while ! [ -s ${dir}/child ]; do :; done; echo at your service; wait`;
const serves = (): Program => shell(forking());

const pidIn = (file: string): number => Number(readFileSync(join(dir, file), 'utf8'));

/** What `ps` says of a process: `T` is frozen, nothing is gone. */
const stateOf = async (pid: number): Promise<string> => {
  const ps = spawn('ps', ['-o', 'stat=', '-p', String(pid)]);
  let state = '';
  ps.stdout.on('data', (chunk) => (state += String(chunk)));
  await once(ps, 'close');
  // One that is dead waits for its parent to hear of it.
  return state.startsWith('Z') ? '' : state.trim();
};

/** Resolves once a process is in a state; the time that a test has is the limit. */
const comesTo = async (pid: number, state: RegExp): Promise<void> => {
  while (!state.test(await stateOf(pid)));
};

describe('a program', () => {
  it('serves once it says so, and goes with all that it forked', async () => {
    const server = serves();
    await server.start();
    await server.kill('SIGKILL');
    await comesTo(pidIn('parent'), /^$/);
    await comesTo(pidIn('child'), /^$/);
  });

  it('starts again', async () => {
    const server = serves();
    await server.start();
    const first = pidIn('parent');
    await server.kill('SIGKILL');
    rmSync(join(dir, 'child'));
    await server.start();
    expect(pidIn('parent')).not.toBe(first);
    await server.stop('SIGKILL');
  });

  it('stands still with all that it forked, and goes on', async () => {
    const server = serves();
    await server.start();
    server.pause();
    await comesTo(pidIn('parent'), /^T/);
    await comesTo(pidIn('child'), /^T/);
    server.resume();
    await comesTo(pidIn('parent'), /^S/);
    await comesTo(pidIn('child'), /^S/);
    await server.stop('SIGKILL');
  });

  it('ends in order, frozen or not', async () => {
    const server = shell(
      `trap 'echo goodbye; exit' TERM; echo at your service; while :; do sleep 0.01; done`,
    );
    await server.start();
    server.pause();
    await server.stop();
    expect(readFileSync(join(dir, 'log'), 'utf8')).toBe('at your service\ngoodbye\n');
    await server.stop();
  });

  it('that ends before it serves is an error with its last words', async () => {
    await expect(shell('echo no memory >&2; exit 3').start()).rejects.toThrow(
      /expected the program to serve, it ended with 3; see .*log, which ends\nno memory\n/,
    );
  });

  it('that is not there is an error', async () => {
    const options = { name: 'it', args: [], log: join(dir, 'log'), serves: '!' };
    const missing = program({ ...options, command: join(dir, 'nothing') });
    await expect(missing.start()).rejects.toThrow(/expected it to serve, .*ENOENT/);
    await expect(missing.kill('SIGKILL')).rejects.toThrow('expected it to run');
  });

  it('ends with the process that started it and with all that it forked, frozen or not', async () => {
    const starter = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { program } = await import(${JSON.stringify(join(import.meta.dirname, 'program.ts'))});
        const args = ['-c', ${JSON.stringify(forking())}];
        const server = program({ name: 'it', command: 'sh', args, log: '${dir}/log', serves: 'service' });
        await server.start();
        server.pause();
        console.log('started');`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(starter.stdout, 'data');
    starter.kill('SIGKILL');
    await comesTo(pidIn('parent'), /^$/);
    await comesTo(pidIn('child'), /^$/);
  });
});
