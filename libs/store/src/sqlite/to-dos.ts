import type { Database } from '@ensemble/sqlite';
import type { Rows, ToDoRow } from './rows.ts';

/** Files to-dos, within a transaction. */
export type InsertToDos = (rows: readonly ToDoRow[]) => void;

/** The schedule. Of each to-do only the row with the highest tries is ever asked for, or kept. */
export const toDosIn = (
  db: Database,
): Pick<Rows, 'file' | 'due' | 'unfile'> & { readonly insertToDos: InsertToDos } => {
  const insert = db.prepare(
    `INSERT INTO to_dos (id, tries, partition, due_at, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET tries = excluded.tries, partition = excluded.partition,
       due_at = excluded.due_at, body = excluded.body
     WHERE excluded.tries > tries`,
  );
  const select = db.prepareRows(
    `SELECT id, tries, partition, due_at, body FROM to_dos
     WHERE partition = ? AND due_at < ? ORDER BY due_at, rowid LIMIT ?`,
  );
  const remove = db.prepare('DELETE FROM to_dos WHERE id = ?');

  const insertToDos: InsertToDos = (rows) => rows.forEach((row) => insert.run(...row));

  return {
    insertToDos,
    file: (toDos) => db.write(() => insertToDos(toDos)),
    due: (partition, before, limit) => db.read(() => select<ToDoRow>(partition, before, limit)),
    unfile: (ids) => db.write(() => ids.forEach((id) => remove.run(id)), 'soon'),
  };
};
