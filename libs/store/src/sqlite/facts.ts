import { LRUCache } from 'lru-cache';
import type { Json, Store } from '../store.ts';
import type { Database } from '@ensemble/sqlite';

const RECENT_DOCUMENTS = 50_000;
/** A set is dropped bit by bit, so that others can write meanwhile. */
const DROPPED_AT_ONCE = 500;

/** The facts of read models. */
export const factsIn = (db: Database): Pick<Store, 'keep' | 'facts' | 'drop'> => {
  const selectDocument = db.prepare('SELECT id FROM documents WHERE "set" = ? AND name = ?');
  const insertDocument = db.prepare('INSERT INTO documents ("set", name) VALUES (?, ?)');
  const insert = db.prepare(
    'INSERT INTO facts (document, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const select = db.prepare('SELECT id, body FROM facts WHERE document = ?');
  const selectSome = db.prepare('SELECT id FROM documents WHERE "set" = ? LIMIT ?');
  const removeFacts = db.prepare('DELETE FROM facts WHERE document = ?');
  const removeDocument = db.prepare('DELETE FROM documents WHERE id = ?');
  const recent = new LRUCache<string, number>({ max: RECENT_DOCUMENTS });
  db.onRollback(() => recent.clear());

  const find = (set: string, name: string): number | undefined => {
    const known = recent.get(keyOf(set, name));
    if (known !== undefined) return known;
    const row = selectDocument.get(set, name);
    return row && remember(set, name, Number(row['id']));
  };

  const remember = (set: string, name: string, id: number): number => {
    recent.set(keyOf(set, name), id);
    return id;
  };

  const findOrAdd = (set: string, name: string): number =>
    find(set, name) ?? remember(set, name, Number(insertDocument.run(set, name).lastInsertRowid));

  /** How many documents are gone. */
  const dropSome = (set: string): number => {
    recent.clear();
    const documents = selectSome.all(set, DROPPED_AT_ONCE).map((row) => Number(row['id']));
    for (const document of documents) {
      removeFacts.run(document);
      removeDocument.run(document);
    }
    return documents.length;
  };

  return {
    async keep(set, facts) {
      const bodies = facts.map(({ body }) => JSON.stringify(body));
      await db.write(() => {
        for (const [index, { document, id }] of facts.entries()) {
          insert.run(findOrAdd(set, document), id, bodies[index] ?? '');
        }
      }, 'soon');
    },
    facts: (set, document) =>
      db.read(() => {
        const found = find(set, document);
        if (found === undefined) return [];
        return select.all(found).map((row) => ({
          document,
          id: String(row['id']),
          body: JSON.parse(String(row['body'])) as Json,
        }));
      }),
    async drop(set) {
      while ((await db.write(() => dropSome(set))) > 0);
    },
  };
};

/** A set's name is a word; what follows it may be anything. */
const keyOf = (set: string, document: string): string => `${set}\u0000${document}`;
