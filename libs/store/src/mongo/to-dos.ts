import type { FiledToDo, Store } from '../store.ts';
import type { MongoDatabase } from './database.ts';
import { overtaken, tried, type TriedDocument } from './tried.ts';

export interface ToDoDocument extends TriedDocument {
  readonly partition: number;
  readonly dueAt: number;
}

export const TO_DOS = 'to_dos';

const UNFILED_AT_ONCE = 2_000;
/** Taking off the schedule is awaited by nobody: it may use a fifth of one connection's time. */
const REST = 4;

/** The schedule: a document for each try of a to-do. */
export const toDosIn = (db: MongoDatabase): Pick<Store, 'file' | 'due' | 'unfile'> => {
  const toDos = db.collection<ToDoDocument>(TO_DOS);
  const file = db.adder<ToDoDocument>(TO_DOS);

  const unfile = db.inGroups<readonly string[], void>({
    limit: UNFILED_AT_ONCE,
    rest: REST,
    weightOf: (ids) => ids.length,
    async send(calls) {
      const ids = calls.flat();
      if (ids.length > 0) await toDos.deleteMany({ of: { $in: ids } });
      return calls.map(() => undefined);
    },
  });

  return {
    file: async (filed) => file(filed.map(documentOf)),
    due: ({ partition, before, limit }) =>
      db.ask(async () => {
        for (;;) {
          const found = await toDos
            .find({ partition, dueAt: { $lt: before } })
            .sort({ dueAt: 1 })
            .limit(limit)
            .toArray();
          // What was tried more often may be due later: then the earlier tries only stand in the way.
          const ids = await overtaken(db.collection(TO_DOS), found);
          if (ids.length === 0) return found.map(({ body }) => JSON.parse(body) as FiledToDo);
          await toDos.deleteMany({ _id: { $in: ids } });
        }
      }),
    unfile,
  };
};

const documentOf = (toDo: FiledToDo): ToDoDocument => {
  const { id, tries, partition, dueAt } = toDo;
  return { ...tried(id, tries, toDo), partition, dueAt };
};
