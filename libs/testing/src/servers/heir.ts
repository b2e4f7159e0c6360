import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Waits until its input ends, which it does with this process; then ends a process and all below it,
 * whatever groups and sessions they have moved to. Each stands still before those below it are looked
 * for, so that it forks no more.
 */
const script = `
  read -r _
  end() { kill -s STOP "$1"; for below in $(pgrep -P "$1"); do end "$below"; done; kill -s KILL "$1"; }
  end "$0"`;

/** Has a child and all that it forks end with this process, however this one ends. */
export const endsWithThis = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  const heir = spawn('sh', ['-c', script, String(child.pid)], {
    // What ends this process's group must not end it first.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.once('exit', () => heir.kill('SIGKILL'));
};
