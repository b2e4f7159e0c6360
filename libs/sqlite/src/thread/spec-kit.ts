/** Notes in a file, for specs of what lives in a thread. */
import { type Kind, openDatabase } from '../database.ts';

export class NotesUnavailable extends Error {
  override readonly name = 'NotesUnavailable';
}

export const notesKind: Kind = {
  name: 'notes',
  applicationId: 0x456e_4e6f,
  schemaVersion: 1,
  Unavailable: NotesUnavailable,
  schema: 'CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL UNIQUE) STRICT',
};

export interface Notes {
  /** Twice the same is refused. */
  add(text: string): Promise<void>;
  all(): Promise<readonly (readonly [text: string])[]>;
  close(): Promise<void>;
}

export const noteMethods = { add: true, all: true, close: true } as const;

export const open = ({ file }: { file: string }): Notes => {
  const db = openDatabase(notesKind, { file, cacheMb: 1 });
  const insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
  const select = db.prepareRows('SELECT text FROM notes ORDER BY rowid');
  return {
    add: (text) => db.write(() => void insert.run(text)),
    all: () => db.read(() => select<[string]>()),
    close: db.close,
  };
};
