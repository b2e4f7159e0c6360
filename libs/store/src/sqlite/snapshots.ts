import type { Database } from '@ensemble/sqlite';
import type { Rows } from './rows.ts';

/** The newest snapshot of each stream and table. */
export const snapshotsIn = (db: Database): Pick<Rows, 'snapshot' | 'saveSnapshot'> => {
  const select = db.prepareRows(
    'SELECT version, body FROM snapshots WHERE stream = ? AND "table" = ?',
  );
  const dropOlder = db.prepare(
    'DELETE FROM snapshots WHERE stream = ? AND "table" = ? AND version < ?',
  );
  const insert = db.prepare(
    `INSERT INTO snapshots (stream, "table", version, body) VALUES (?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );

  return {
    snapshot: (stream, table) => db.read(() => select<[number, string]>(stream, table)[0]),
    saveSnapshot: (stream, table, version, body) =>
      db.write(() => {
        dropOlder.run(stream, table, version);
        // One that is still there is newer, or the same.
        insert.run(stream, table, version, body);
      }),
  };
};
