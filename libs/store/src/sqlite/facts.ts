import { LRUCache } from 'lru-cache';
import type { Database } from '@ensemble/sqlite';
import type { FactRow, Rows } from './rows.ts';

const RECENT_DOCUMENTS = 50_000;
/** A set is dropped bit by bit, so that others can write meanwhile. */
const DROPPED_AT_ONCE = 500;

/** The facts of read models. */
export const factsIn = (db: Database): Pick<Rows, 'keep' | 'facts' | 'drop'> => {
  const selectDocument = db.prepare('SELECT id FROM documents WHERE "set" = ? AND name = ?');
  const insertDocument = db.prepare('INSERT INTO documents ("set", name) VALUES (?, ?)');
  const insert = db.prepare(
    'INSERT INTO facts (document, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const select = db.prepareRows('SELECT ?, id, body FROM facts WHERE document = ?');
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
    keep: (set, facts) =>
      db.write(() => {
        for (const [document, id, body] of facts) insert.run(findOrAdd(set, document), id, body);
      }, 'soon'),
    facts: (set, document) =>
      db.read(() => {
        const found = find(set, document);
        return found === undefined ? [] : select<FactRow>(document, found);
      }),
    async drop(set) {
      while ((await db.write(() => dropSome(set))) > 0);
    },
  };
};

/** A set's name is a word; what follows it may be anything. */
const keyOf = (set: string, document: string): string => `${set}\u0000${document}`;
