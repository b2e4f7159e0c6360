import { DatabaseSync } from 'node:sqlite';
import type { Kept } from './evidence.ts';

/** What the services keep in files; nobody has them open. */
export const keptInSqlite = (files: Readonly<Record<string, string>>): Kept => {
  const kept = Object.entries(files).map(([service, file]) => readStore(service, file));
  return {
    commits: kept.flatMap(({ commits }) => commits),
    facts: kept.flatMap(({ facts }) => facts),
    parked: Object.assign({}, ...kept.map(({ parked }) => parked)) as Kept['parked'],
  };
};

const readStore = (service: string, file: string): Kept => {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = (sql: string) => db.prepare(sql).all();
  try {
    return {
      commits: rows(
        'SELECT name, version, cause, body FROM commits JOIN streams ON streams.id = stream',
      ).map(({ name, version, cause, body }) => ({
        service,
        stream: String(name),
        version: Number(version),
        cause: String(cause),
        body: JSON.parse(String(body)),
      })),
      facts: rows(
        'SELECT "set", name, facts.id FROM facts JOIN documents ON documents.id = document',
      ).map(({ set, name, id }) => ({ set: String(set), document: String(name), id: String(id) })),
      parked: { [service]: rows('SELECT id FROM parked').length },
    };
  } finally {
    db.close();
  }
};
