import type { Json, Store } from '../store.ts';
import type { Database } from '@ensemble/sqlite';

/** The newest snapshot of each stream and table. */
export const snapshotsIn = (db: Database): Pick<Store, 'snapshot' | 'saveSnapshot'> => {
  const select = db.prepare('SELECT version, body FROM snapshots WHERE stream = ? AND "table" = ?');
  const dropOlder = db.prepare(
    'DELETE FROM snapshots WHERE stream = ? AND "table" = ? AND version < ?',
  );
  const insert = db.prepare(
    `INSERT INTO snapshots (stream, "table", version, body) VALUES (?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );

  return {
    snapshot: (stream, table) =>
      db.read(() => {
        const row = select.get(stream, table);
        if (row === undefined) return undefined;
        const body = JSON.parse(String(row['body'])) as Json;
        return { stream, table, version: Number(row['version']), body };
      }),
    async saveSnapshot({ stream, table, version, body }) {
      const text = JSON.stringify(body);
      await db.write(() => {
        dropOlder.run(stream, table, version);
        // One that is still there is newer, or the same.
        insert.run(stream, table, version, text);
      });
    },
  };
};
