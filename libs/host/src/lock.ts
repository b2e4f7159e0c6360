import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CannotStart, cannotUse } from './cannot-start.ts';

/** The data directory is another process's. */
export class DataInUse extends CannotStart {
  override readonly code = 'data-in-use';
  override readonly name = 'DataInUse';
}

/** The data directory, held by this process alone. */
export interface DataLock {
  readonly dir: string;
  /** Says where the operations server of the process answers, in `<data>/ops.json`. */
  announce(ops: { url: string }): void;
  release(): void;
}

const pidOf = (dir: string): string => {
  try {
    return readFileSync(join(dir, 'pid'), 'utf8').trim();
  } catch {
    return '';
  }
};

// Written beside its place and moved there, so that nobody reads half of it.
const place = (path: string, text: string, mode = 0o644): void => {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
};

const busy = 5;
const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === busy;

/** An open file that nobody refers to would be closed, and its lock gone. */
const held = new Set<DatabaseSync>();

/**
 * Makes the data directory this process's, and says so in `<data>/pid`. The lock is one that the
 * kernel keeps on an open file: however the process ends, it ends with it.
 * @throws DataInUse if another process has it; CannotStart if nothing can be written there
 */
export const lockData = (dir: string): DataLock => {
  let file: DatabaseSync | undefined;
  try {
    // Tickets, mails and secrets are nobody else's. Only the directory itself is made: a parent
    // that is missing is a mistyped one.
    if (!existsSync(dir)) mkdirSync(dir, { mode: 0o700 });
    file = new DatabaseSync(join(dir, 'lock'), { timeout: 0 });
    file.exec('BEGIN EXCLUSIVE');
    place(join(dir, 'pid'), `${process.pid}\n`);
    rmSync(join(dir, 'ops.json'), { force: true });
  } catch (cause) {
    file?.close();
    if (!isBusy(cause)) throw cannotUse(dir, cause);
    const pid = pidOf(dir);
    throw new DataInUse(
      `${dir} is in use by ${pid === '' ? 'another process' : `process ${pid}`}: end that one ` +
        'first, or name another data directory in ENSEMBLE_DATA',
      { cause },
    );
  }
  const own = file;
  held.add(own);
  return {
    dir,
    announce: (ops) => place(join(dir, 'ops.json'), `${JSON.stringify(ops)}\n`),
    release: () => {
      for (const name of ['ops.json', 'pid']) rmSync(join(dir, name), { force: true });
      own.close();
      held.delete(own);
    },
  };
};

/** The operations server that the process which holds the data directory has announced. */
export const announcedOps = (dir: string): { url: string } | undefined => {
  try {
    const { url } = JSON.parse(readFileSync(join(dir, 'ops.json'), 'utf8')) as { url: string };
    return { url };
  } catch {
    return undefined;
  }
};
