import type { Database } from '@ensemble/sqlite';
import type { Rows } from './rows.ts';

/** Values written once under a key. */
export const knownIn = (db: Database): Pick<Rows, 'once' | 'known'> => {
  const insert = db.prepare('INSERT INTO known (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const select = db.prepare('SELECT value FROM known WHERE key = ?');
  const selectFrom = db.prepare('SELECT key, value FROM known WHERE key >= ?');

  const withPrefix = (prefix: string): [string, string][] => {
    const found: [string, string][] = [];
    for (const row of selectFrom.iterate(prefix)) {
      const key = String(row['key']);
      if (!key.startsWith(prefix)) break;
      found.push([key, String(row['value'])]);
    }
    // SQLite orders by UTF-8 bytes, the other adapters by UTF-16 units.
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  };

  return {
    once: (key, value) =>
      db.write(() => {
        insert.run(key, value);
        return String(select.get(key)?.['value']);
      }),
    known: (prefix) => db.read(() => withPrefix(prefix)),
  };
};
