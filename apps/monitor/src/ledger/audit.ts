import type { Database } from '@ensemble/sqlite';
import { z } from 'zod';
import { numberIn, type Row, textIn } from './row.ts';

const deeds = z.enum(['redrive', 'discard', 'replay', 'rehearse', 'unblot']);
/** What a person can do here that is put down. */
export type Deed = z.output<typeof deeds>;

/** What a person did. */
export interface AuditEntry {
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  /** The operator's name. */
  readonly who: string;
  readonly what: Deed;
  /** A position, a service, a booking. */
  readonly about: string;
  readonly why: string;
}

/** Who changed what and why; nothing of it is ever changed or forgotten. */
export interface AuditLog {
  write(entries: readonly AuditEntry[]): Promise<void>;
  /** The newest first. */
  entries(options?: { limit?: number; what?: Deed }): Promise<readonly AuditEntry[]>;
}

const entryIn = (row: Row): AuditEntry => ({
  at: numberIn(row, 'at'),
  who: textIn(row, 'who'),
  what: deeds.parse(row['what']),
  about: textIn(row, 'about'),
  why: textIn(row, 'why'),
});

/** The audit log of a file that is only read. */
export const readAudit = (db: Pick<Database, 'prepare' | 'read'>): Pick<AuditLog, 'entries'> => {
  const select = db.prepare(
    `SELECT at, who, what, about, why FROM audit WHERE what = coalesce(?, what)
     ORDER BY id DESC LIMIT ?`,
  );
  return {
    entries: ({ limit = 1_000, what } = {}) =>
      db.read(() => select.all(what ?? null, limit).map(entryIn)),
  };
};

/** The audit log of a file that is written here. */
export const openAudit = (db: Pick<Database, 'prepare' | 'read' | 'write'>): AuditLog => {
  const insert = db.prepare('INSERT INTO audit (at, who, what, about, why) VALUES (?, ?, ?, ?, ?)');
  return {
    ...readAudit(db),
    write: (entries) =>
      db.write(() => {
        for (const { at, who, what, about, why } of entries) insert.run(at, who, what, about, why);
      }),
  };
};
