import { DatabaseSync } from 'node:sqlite';
import { type Database, type Kind, recognise } from './database.ts';
import { unavailability } from './unavailable.ts';

/** A SQLite file that others may be writing. */
export interface ReadDatabase extends Pick<Database, 'prepare' | 'read' | 'close'> {
  /** Everything that a query reads is of one moment. */
  readonly snapshot: <Result>(query: () => Result) => Promise<Result>;
  /** Changes whenever something was written. */
  readonly version: () => number;
}

/** So long another's checkpoint may keep a query waiting, in milliseconds. */
const patienceMs = 5_000;

/**
 * Opens a file to read it, while others write it or not.
 * @throws the kind's `Unavailable`, or an error that says what is wrong with the file
 */
export const readDatabase = (kind: Kind, file: string): ReadDatabase => {
  const failed = unavailability(kind, file);
  const guarded = <Result>(query: () => Result): Result => {
    try {
      return query();
    } catch (error) {
      throw failed(error);
    }
  };
  const db = guarded(() => new DatabaseSync(file, { readOnly: true, timeout: patienceMs }));
  try {
    guarded(() => recognise(db, kind, file));
  } catch (error) {
    db.close();
    throw error;
  }
  const dataVersion = db.prepare('PRAGMA data_version');
  return {
    prepare: (sql) => guarded(() => db.prepare(sql)),
    read: async (query) => guarded(query),
    snapshot: async (query) =>
      guarded(() => {
        db.exec('BEGIN');
        try {
          return query();
        } finally {
          db.exec('COMMIT');
        }
      }),
    version: () => guarded(() => Number(dataVersion.get()?.['data_version'])),
    close: async () => {
      if (db.isOpen) db.close();
    },
  };
};
