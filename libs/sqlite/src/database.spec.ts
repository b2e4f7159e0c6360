import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Kind } from './database.ts';

class DiaryUnavailable extends Error {}
const diary: Kind = {
  name: 'diary',
  applicationId: 0x4469_6172,
  schemaVersion: 1,
  Unavailable: DiaryUnavailable,
  schema: 'CREATE TABLE IF NOT EXISTS days (text TEXT NOT NULL) STRICT',
};

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ensemble-sqlite-'));
  file = join(directory, 'diary.sqlite');
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = () => openDatabase(diary, { file, cacheMb: 1 });
const changed = (sql: string): void => {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
};

describe('a SQLite file', () => {
  it('has what was written when it is opened again', async () => {
    const db = open();
    await db.write(() => db.prepare('INSERT INTO days VALUES (?)').run('Monday'));
    await db.close();
    const again = open();
    expect(await again.read(() => again.prepare('SELECT text FROM days').all())).toEqual([
      { text: 'Monday' },
    ]);
    await again.close();
  });

  it('is refused if it is no SQLite database', () => {
    writeFileSync(file, 'Dear diary, '.repeat(1_000));
    expect(open).toThrow(/is no SQLite database/);
  });

  it('is refused if it is of another kind', () => {
    changed('CREATE TABLE recipes (name TEXT)');
    expect(open).toThrow(/is no diary of Ensemble: give the path of another file/);
  });

  it('is refused if its schema is not known', async () => {
    await open().close();
    changed('PRAGMA user_version = 2');
    expect(open).toThrow(/has schema 2, this program knows schema 1/);
  });
});
