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

/** What is looked for; what is left out does not matter. */
export interface AuditQuery {
  readonly what?: Deed | undefined;
  readonly about?: string | undefined;
  /** Only those that were written before the entry with this id. */
  readonly before?: number | undefined;
  /** Default: 1,000. */
  readonly limit?: number | undefined;
}

/** Who changed what and why; nothing of it is ever changed or forgotten. */
export interface AuditLog {
  write(entries: readonly AuditEntry[]): Promise<void>;
  /** The newest first, each with its id. */
  entries(query?: AuditQuery): Promise<readonly (AuditEntry & { readonly id: number })[]>;
}

const entryIn = (row: Row): AuditEntry & { readonly id: number } => ({
  id: numberIn(row, 'id'),
  at: numberIn(row, 'at'),
  who: textIn(row, 'who'),
  what: deeds.parse(row['what']),
  about: textIn(row, 'about'),
  why: textIn(row, 'why'),
});

/** The audit log of a file that is only read. */
export const readAudit = (db: Pick<Database, 'prepare' | 'read'>): Pick<AuditLog, 'entries'> => {
  const select = db.prepare(
    `SELECT id, at, who, what, about, why FROM audit
     WHERE what = coalesce(?, what) AND about = coalesce(?, about) AND id < coalesce(?, id + 1)
     ORDER BY id DESC LIMIT ?`,
  );
  return {
    entries: ({ what = null, about = null, before = null, limit = 1_000 } = {}) =>
      db.read(() => select.all(what, about, before, limit).map(entryIn)),
  };
};

/** The audit log of a file that is written here. */
export const openAudit = (db: Pick<Database, 'prepare' | 'read' | 'write'>): AuditLog => {
  const insert = db.prepare('INSERT INTO audit (at, who, what, about, why) VALUES (?, ?, ?, ?, ?)');
  const sync = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  return {
    ...readAudit(db),
    write: async (entries) => {
      await db.write(() => {
        for (const { at, who, what, about, why } of entries) insert.run(at, who, what, about, why);
      });
      // Nobody else has it: it is on the disk before anything is done.
      await db.read(() => sync.all());
    },
  };
};
