import type { Kind } from '@ensemble/sqlite';

/** The ledger's file cannot be read or written. The same call may be made again. */
export class LedgerUnavailable extends Error {
  readonly code = 'ledger-unavailable';
  override readonly name = 'LedgerUnavailable';
}

/**
 * Records are only ever added, and cut off at the old end; what was decided by people is only ever
 * added. A chain stands for a topic and partition: the hash and offset before its oldest record,
 * and those of its newest. Gaps are offsets that were not there when what follows them came.
 */
export const ledgerKind: Kind = {
  name: 'ledger',
  applicationId: 0x456e_4d6f,
  schemaVersion: 1,
  Unavailable: LedgerUnavailable,
  schema: `
    CREATE TABLE IF NOT EXISTS chains (
      id INTEGER PRIMARY KEY,
      topic TEXT NOT NULL,
      partition INTEGER NOT NULL,
      first INTEGER NOT NULL,
      before BLOB NOT NULL,
      next INTEGER NOT NULL,
      head BLOB NOT NULL,
      UNIQUE (topic, partition)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS records (
      id INTEGER PRIMARY KEY,
      chain INTEGER NOT NULL,
      offset INTEGER NOT NULL,
      timestamp INTEGER NOT NULL,
      key BLOB,
      headers TEXT NOT NULL,
      value BLOB,
      hash BLOB NOT NULL,
      booking TEXT,
      type TEXT,
      service TEXT,
      trace TEXT
    ) STRICT;
    CREATE UNIQUE INDEX IF NOT EXISTS places ON records (chain, offset);
    CREATE INDEX IF NOT EXISTS times ON records (timestamp);
    CREATE INDEX IF NOT EXISTS bookings ON records (booking) WHERE booking IS NOT NULL;
    CREATE INDEX IF NOT EXISTS types ON records (type, timestamp) WHERE type IS NOT NULL;
    CREATE INDEX IF NOT EXISTS services ON records (service, timestamp) WHERE service IS NOT NULL;
    CREATE INDEX IF NOT EXISTS traces ON records (trace) WHERE trace IS NOT NULL;
    CREATE TRIGGER IF NOT EXISTS records_stay BEFORE UPDATE ON records
      BEGIN SELECT RAISE(ABORT, 'a record of the ledger is never changed'); END;
    CREATE TABLE IF NOT EXISTS gaps (
      chain INTEGER NOT NULL,
      offset INTEGER NOT NULL,
      until INTEGER NOT NULL,
      PRIMARY KEY (chain, offset)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS audit (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      who TEXT NOT NULL,
      what TEXT NOT NULL,
      about TEXT NOT NULL,
      why TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'what was done is never changed'); END;
    CREATE TRIGGER IF NOT EXISTS audit_is_kept BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'what was done is never forgotten'); END`,
};
