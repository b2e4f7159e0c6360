import type { FiledToDo, Store } from '../store.ts';
import type { Database } from '@ensemble/sqlite';

type Body = Omit<FiledToDo, 'id' | 'tries' | 'partition' | 'dueAt'>;

interface Row {
  readonly id: string;
  readonly tries: number;
  readonly dueAt: number;
  readonly body: string;
}

/** A to-do as a row. */
export const toDoRow = ({ id, tries, partition, dueAt, ...body }: FiledToDo) =>
  [id, tries, partition, dueAt, JSON.stringify(body satisfies Body)] as const;
/** Files to-dos, within a transaction. */
export type InsertToDos = (rows: readonly ReturnType<typeof toDoRow>[]) => void;

/** The schedule. Of each to-do only the row with the highest tries is ever asked for, or kept. */
export const toDosIn = (
  db: Database,
): Pick<Store, 'file' | 'due' | 'unfile'> & { readonly insertToDos: InsertToDos } => {
  const insert = db.prepare(
    `INSERT INTO to_dos (id, tries, partition, due_at, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET tries = excluded.tries, partition = excluded.partition,
       due_at = excluded.due_at, body = excluded.body
     WHERE excluded.tries > tries`,
  );
  const select = db.prepare(
    `SELECT id, tries, due_at AS dueAt, body FROM to_dos
     WHERE partition = ? AND due_at < ? ORDER BY due_at, rowid LIMIT ?`,
  );
  const remove = db.prepare('DELETE FROM to_dos WHERE id = ?');

  const insertToDos: InsertToDos = (rows) => rows.forEach((row) => insert.run(...row));

  return {
    insertToDos,
    async file(toDos) {
      const rows = toDos.map(toDoRow);
      await db.write(() => insertToDos(rows));
    },
    due: ({ partition, before, limit }) =>
      db.read(() => {
        const rows = select.all(partition, before, limit) as unknown as Row[];
        return rows.map(({ body, ...row }) => ({
          ...row,
          partition,
          ...(JSON.parse(body) as Body),
        }));
      }),
    async unfile(ids) {
      await db.write(() => ids.forEach((id) => remove.run(id)), 'soon');
    },
  };
};
