import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type GroupCommit, groupCommit } from './group-commit.ts';
import { isAboutTheDisk, unavailability } from './unavailable.ts';

/** A SQLite file: read at once, written in groups. */
export interface Database {
  readonly prepare: (sql: string) => StatementSync;
  /** Prepares a query whose rows are lists, in the order of its columns. */
  readonly prepareRows: (sql: string) => Query;
  /** Sees everything that was written before. */
  readonly read: <Result>(query: () => Result) => Promise<Result>;
  /** Resolves when durable. What is pending at one moment is one transaction and one fsync. */
  readonly write: GroupCommit['write'];
  /** What was remembered of writes that were undone must be forgotten. */
  readonly onRollback: (forget: () => void) => void;
  readonly close: () => Promise<void>;
}

/** Runs a query; what a row is like is said by who wrote it. */
export type Query = <Row extends readonly unknown[]>(...given: SQLInputValue[]) => Row[];

/** What kind of file it is. */
export interface Kind {
  /** As people call it. */
  readonly name: string;
  /** Written into the file's header, so that one kind is not taken for another. */
  readonly applicationId: number;
  readonly schemaVersion: number;
  readonly schema: string;
  readonly Unavailable: new (message: string, options: ErrorOptions) => Error;
}

export interface DatabaseOptions {
  readonly file: string;
  /** The page cache, in MiB. */
  readonly cacheMb: number;
  /** The file's largest size in MiB; beyond it every write fails as on a full disk. */
  readonly maxMb?: number | undefined;
  /**
   * What a loss of power may take: nothing, or what was written last and can be had again. The death
   * of the process takes nothing either way. Default: nothing.
   */
  readonly mayLose?: 'nothing' | 'newest' | undefined;
}

const PAGE_BYTES = 4_096;
/** 16 MiB: seldom enough to be cheap, often enough that one checkpoint stops nobody for long. */
const CHECKPOINT_PAGES = 4_096;

/** Opens a file, makes its tables if it is new, and refuses one that this program cannot read. */
export const openDatabase = (kind: Kind, options: DatabaseOptions): Database => {
  const { file } = options;
  const failed = unavailability(kind, file);
  const db = opened(kind, options, failed);
  const listeners: (() => void)[] = [];
  const group = groupCommit(db, {
    failed,
    isShared: isAboutTheDisk,
    rolledBack: () => listeners.forEach((forget) => forget()),
  });

  return {
    prepare: (sql) => db.prepare(sql),
    prepareRows(sql) {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return <Row extends readonly unknown[]>(...given: SQLInputValue[]) =>
        statement.all(...given) as unknown as Row[];
    },
    async read(query) {
      try {
        return query();
      } catch (error) {
        throw failed(error);
      }
    },
    write: group.write,
    onRollback: (forget) => void listeners.push(forget),
    async close() {
      await group.settled();
      if (db.isOpen) db.close();
    },
  };
};

const opened = (
  kind: Kind,
  { file, cacheMb, maxMb, mayLose = 'nothing' }: DatabaseOptions,
  failed: (error: unknown) => unknown,
): DatabaseSync => {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    recognise(db, kind, file);
    // FULL: what is acknowledged survives a loss of power, not only the death of the process.
    const synchronous = mayLose === 'nothing' ? 'FULL' : 'NORMAL';
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
      PRAGMA cache_size = ${-cacheMb * 1_024}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    if (maxMb !== undefined) {
      db.exec(`PRAGMA max_page_count = ${Math.floor((maxMb * 1_048_576) / PAGE_BYTES)}`);
    }
    db.exec(`BEGIN IMMEDIATE; ${kind.schema}; PRAGMA application_id = ${kind.applicationId};
      PRAGMA user_version = ${kind.schemaVersion}; COMMIT`);
    return db;
  } catch (error) {
    db?.close();
    throw failed(error);
  }
};

/** @throws if a file is of another kind, or of a schema that is not known */
export const recognise = (db: DatabaseSync, kind: Kind, file: string): void => {
  const pragma = (name: string): unknown => db.prepare(`PRAGMA ${name}`).get()?.[name];
  if (db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined) return;
  if (pragma('application_id') !== kind.applicationId) {
    throw new Error(`${file} is no ${kind.name} of Ensemble: give the path of another file.`);
  }
  const found = Number(pragma('user_version'));
  if (found !== kind.schemaVersion) {
    throw new Error(
      `The ${kind.name} ${file} has schema ${found}, this program knows schema ` +
        `${kind.schemaVersion}: use the program that made it, or start with another file.`,
    );
  }
};
