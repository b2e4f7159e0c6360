import type { DatabaseSync } from 'node:sqlite';

/** Writes that travel together: what is pending at one moment is one transaction and one fsync. */
export interface GroupCommit {
  readonly write: <Result>(change: () => Result, when?: When) => Promise<Result>;
  /** Resolves when nothing is pending. */
  readonly settled: () => Promise<void>;
}

/** Whether somebody waits for a write, or it may wait a little for others to travel with. */
export type When = 'now' | 'soon';

export interface GroupCommitOptions {
  /** The error that the callers of a failed transaction are given. */
  readonly failed: (error: unknown) => unknown;
  /** Whether an error would meet every write, not only the one that raised it. */
  readonly isShared: (error: unknown) => boolean;
  /** Told when writes were undone. */
  readonly rolledBack: () => void;
}

interface Pending {
  readonly change: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** So that one turn of the event loop does not take too long. */
const GROUP_LIMIT = 1_000;
/** Short for whoever reads it, and long beside a transaction, of which it spares most. */
const SOON_MS = 10;

/** Collects the writes of one turn of the event loop. */
export const groupCommit = (
  db: DatabaseSync,
  { failed, isShared, rolledBack }: GroupCommitOptions,
): GroupCommit => {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const pending: Pending[] = [];

  let isDue = false;
  let soon: NodeJS.Timeout | undefined;

  const flushNow = (): void => {
    if (isDue) return;
    isDue = true;
    setImmediate(flush);
  };

  const flush = (): void => {
    isDue = false;
    clearTimeout(soon);
    soon = undefined;
    const group = pending.splice(0, GROUP_LIMIT);
    if (pending.length > 0) flushNow();
    transact(group);
  };

  const add = (write: Pending, when: When): void => {
    pending.push(write);
    if (when === 'now') flushNow();
    else soon ??= setTimeout(flushNow, SOON_MS);
  };

  const transact = (group: readonly Pending[]): void => {
    let results: unknown[];
    try {
      begin.run();
      results = group.map(({ change }) => change());
      commit.run();
    } catch (error) {
      undo();
      // One call's mistake is not its neighbours': each is done again, alone.
      if (group.length > 1 && !isShared(error)) group.forEach((write) => transact([write]));
      else group.forEach(({ reject }) => reject(failed(error)));
      return;
    }
    group.forEach(({ resolve }, index) => resolve(results[index]));
  };

  const undo = (): void => {
    try {
      if (db.isTransaction) rollback.run();
      rolledBack();
    } catch {
      // A file that cannot even be read any more: the next call says so.
    }
  };

  const write = <Result>(change: () => Result, when: When = 'now'): Promise<Result> =>
    new Promise((resolve, reject) => {
      add({ change, resolve: (result) => resolve(result as Result), reject }, when);
    });

  return {
    write,
    async settled() {
      while (pending.length > 0) {
        flushNow();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
};
