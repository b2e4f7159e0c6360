import { LRUCache } from 'lru-cache';
import type { Database } from '@ensemble/sqlite';
import type { CommitRow, Rows, StoredCommit } from './rows.ts';
import type { InsertToDos } from './to-dos.ts';

interface Stream {
  readonly id: number;
  /** A version that is known to be stored; there may be higher ones. */
  stored: number;
}

const RECENT_STREAMS = 50_000;

/** The commits of streams. Two unique indexes decide; what is remembered here only saves time. */
export const commitsIn = (
  db: Database,
  insertToDos: InsertToDos,
): Pick<Rows, 'append' | 'load' | 'find'> => {
  const selectStream = db.prepare('SELECT id FROM streams WHERE name = ?');
  const insertStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
  const selectVersion = db.prepare('SELECT 1 FROM commits WHERE stream = ? AND version = ?');
  const insert = db.prepare(
    `INSERT INTO commits (stream, version, cause, body) VALUES (?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const selectAfter = db.prepareRows(
    `SELECT version, cause, body FROM commits
     WHERE stream = ? AND version > ? ORDER BY version`,
  );
  const selectCaused = db.prepareRows(
    'SELECT version, cause, body FROM commits WHERE stream = ? AND cause = ?',
  );
  const recent = new LRUCache<string, Stream>({ max: RECENT_STREAMS });
  db.onRollback(() => recent.clear());

  const find = (name: string): Stream | undefined => {
    const known = recent.get(name);
    if (known) return known;
    const row = selectStream.get(name);
    return row && remember(name, Number(row['id']));
  };

  const remember = (name: string, id: number): Stream => {
    const stream = { id, stored: 0 };
    recent.set(name, stream);
    return stream;
  };

  const findOrAdd = (name: string): Stream =>
    find(name) ?? remember(name, Number(insertStream.run(name).lastInsertRowid));

  const isStored = ({ id, stored }: Stream, version: number): boolean =>
    version <= stored || selectVersion.get(id, version) !== undefined;

  const insertRun = (name: string, rows: readonly CommitRow[]): number => {
    const [first] = rows;
    if (first === undefined) return 0;
    const stream = findOrAdd(name);
    if (!isStored(stream, first[0] - 1)) return 0;
    for (const [index, [version, cause, body, toDos]] of rows.entries()) {
      if (version !== first[0] + index) return index;
      const { changes } = insert.run(stream.id, version, cause, body);
      if (changes === 0) return index;
      insertToDos(toDos);
      stream.stored = version;
    }
    return rows.length;
  };

  return {
    append: (stream, rows) => db.write(() => insertRun(stream, rows)),
    load: (stream, after) =>
      db.read(() => {
        const id = find(stream)?.id;
        return id === undefined ? [] : selectAfter<StoredCommit>(id, after);
      }),
    find: (stream, cause) =>
      db.read(() => {
        const id = find(stream)?.id;
        return id === undefined ? undefined : selectCaused<StoredCommit>(id, cause)[0];
      }),
  };
};
