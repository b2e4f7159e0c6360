import { LRUCache } from 'lru-cache';
import { type Commit, type Store, untriedOf } from '../store.ts';
import { type InsertToDos, toDoRow } from './to-dos.ts';
import type { Database } from '@ensemble/sqlite';

interface Stream {
  readonly id: number;
  /** A version that is known to be stored; there may be higher ones. */
  stored: number;
}

/** A commit as it is inserted, with the to-dos it names. */
const rowOf = (commit: Commit) => {
  const { stream, version, cause, ...body } = commit;
  const toDos = untriedOf([commit]).map(toDoRow);
  return { stream, version, cause, body: JSON.stringify(body), toDos };
};
type CommitRow = ReturnType<typeof rowOf>;

interface Row {
  readonly version: number;
  readonly cause: string;
  readonly body: string;
}

const RECENT_STREAMS = 50_000;

/** The commits of streams. Two unique indexes decide; what is remembered here only saves time. */
export const commitsIn = (
  db: Database,
  insertToDos: InsertToDos,
): Pick<Store, 'append' | 'load' | 'find'> => {
  const selectStream = db.prepare('SELECT id FROM streams WHERE name = ?');
  const insertStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
  const selectVersion = db.prepare('SELECT 1 FROM commits WHERE stream = ? AND version = ?');
  const insert = db.prepare(
    `INSERT INTO commits (stream, version, cause, body) VALUES (?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const selectAfter = db.prepare(
    `SELECT version, cause, body FROM commits
     WHERE stream = ? AND version > ? ORDER BY version`,
  );
  const selectCaused = db.prepare(
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

  const insertRun = (rows: readonly CommitRow[]): number => {
    const [first] = rows;
    if (first === undefined) return 0;
    const stream = findOrAdd(first.stream);
    if (!isStored(stream, first.version - 1)) return 0;
    for (const [index, { version, cause, body, toDos }] of rows.entries()) {
      if (version !== first.version + index) return index;
      const { changes } = insert.run(stream.id, version, cause, body);
      if (changes === 0) return index;
      insertToDos(toDos);
      stream.stored = version;
    }
    return rows.length;
  };

  const commitOf = (stream: string, { version, cause, body }: Row): Commit => ({
    stream,
    version,
    cause,
    ...(JSON.parse(body) as Omit<Commit, 'stream' | 'version' | 'cause'>),
  });

  return {
    async append(run) {
      const rows = run.map(rowOf);
      return db.write(() => insertRun(rows));
    },
    load: (stream, after) =>
      db.read(() => {
        const id = find(stream)?.id;
        if (id === undefined) return [];
        const rows = selectAfter.all(id, after) as unknown as Row[];
        return rows.map((row) => commitOf(stream, row));
      }),
    find: (stream, cause) =>
      db.read(() => {
        const id = find(stream)?.id;
        const row = id === undefined ? undefined : selectCaused.get(id, cause);
        return row && commitOf(stream, row as unknown as Row);
      }),
  };
};
