import type { LogRecord, Offsets } from '@ensemble/log';
import { openDatabase, readDatabase } from '@ensemble/sqlite';
import { aboutOf } from './about.ts';
import { type AuditLog, openAudit, readAudit } from './audit.ts';
import { isSame, linked, linkedIn, linkOf } from './chain.ts';
import { openChains } from './chains.ts';
import { type Cutting, openCutting } from './cutting.ts';
import { ledgerKind } from './schema.ts';
import { openSearch, type Search } from './search.ts';
import { verifier, type Verdict } from './verify.ts';

/** A ledger that is only read. */
export interface ReadLedger extends Search {
  /** Reckons everything again: what was changed, left out or slipped in. */
  verify(): Promise<Verdict>;
  readonly audit: Pick<AuditLog, 'entries'>;
  close(): Promise<void>;
}

/**
 * Everything that was ever on the log, byte for byte as it was read: a hash chain for each topic
 * and partition (`chain.ts` says what is hashed), so that a ledger made anew from the log is the
 * same. It decides nothing, and believes nothing of what the records say.
 */
export interface Ledger extends ReadLedger, Cutting {
  /**
   * Takes in records of one topic and partition, in order; those that it has are left out.
   * Resolves to the fresh ones when they are durable; on a rejection the same are given again.
   * @throws AnotherLog if another record stands where one of these stood
   */
  take(records: readonly LogRecord[]): Promise<readonly LogRecord[]>;
  /** The offset to go on from, by topic and partition. */
  positions(): Offsets;
  readonly audit: AuditLog;
}

/** A gap that was found: these offsets were not there when what follows them came. */
export interface Gap {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  /** The offset of the record that came after. */
  readonly until: number;
}

/** The log is not the one that the ledger was made of. */
export class AnotherLog extends Error {
  readonly code = 'another-log';
  override readonly name = 'AnotherLog';
}

export interface LedgerOptions {
  readonly file: string;
  /** Topics whose older records the log itself drops, and which this keeps for ever. */
  readonly compacted?: readonly string[];
  /** Told of every gap, once: the log has lost records, or dropped them before they were read. */
  readonly onGap?: (gap: Gap) => void;
}

const cacheMb = 32;

/** Opens the ledger in a file, to be written here alone. @throws LedgerUnavailable */
export const openLedger = ({ file, compacted = [], onGap }: LedgerOptions): Ledger => {
  const db = openDatabase(ledgerKind, { file, cacheMb });
  const chains = openChains(db);
  const insert = db.prepare(
    `INSERT INTO records
       (chain, offset, timestamp, key, headers, value, hash, booking, type, service, trace)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const select = db.prepare(
    'SELECT offset, timestamp, key, headers, value FROM records WHERE chain = ? AND offset = ?',
  );
  const insertGap = db.prepare('INSERT INTO gaps (chain, offset, until) VALUES (?, ?, ?)');

  /** A log gives a position to one record, for ever. */
  const mustBeKnown = (chain: number, record: LogRecord): void => {
    const known = select.get(chain, record.offset);
    // One that was cut off, or that the log no longer had.
    if (known === undefined || isSame(linkedIn(known), linked(record))) return;
    throw new AnotherLog(
      `expected at ${record.topic}/${record.partition}/${record.offset} the record that the ledger ` +
        `${file} has from there, found another one: the ledger was made of another log. Start with ` +
        'the log that it was made of, or move the file away and it is made anew',
    );
  };

  const add = (records: readonly LogRecord[], found: (gap: Gap) => void): LogRecord[] => {
    const [first] = records;
    if (first === undefined) return [];
    const chain = chains.of(first);
    let { next, head } = chain;
    const fresh: LogRecord[] = [];
    for (const record of records) {
      if (record.offset < next) {
        mustBeKnown(chain.id, record);
        continue;
      }
      const { topic, partition, offset } = record;
      if (offset > next && !compacted.includes(topic)) {
        insertGap.run(chain.id, next, offset);
        found({ topic, partition, from: next, until: offset });
      }
      const link = linked(record);
      head = linkOf(head, link);
      next = offset + 1;
      const { booking, type, service, trace } = aboutOf(record);
      const { timestamp, key, headers, value } = link;
      const findable = [booking, type, service, trace];
      insert.run(chain.id, offset, timestamp, key, headers, value, head, ...findable);
      fresh.push(record);
    }
    if (fresh.length > 0) chains.save({ ...chain, next, head });
    return fresh;
  };

  return {
    take: async (records) => {
      const gaps: Gap[] = [];
      // Tried again, it finds them again.
      const fresh = await db.write(() => {
        gaps.length = 0;
        return add(records, (gap) => gaps.push(gap));
      });
      for (const gap of gaps) onGap?.(gap);
      return fresh;
    },
    positions: chains.positions,
    ...openSearch(db),
    ...openCutting(db, chains, compacted),
    audit: openAudit(db),
    verify: () => db.read(verifier(db, compacted)),
    close: db.close,
  };
};

/** Opens the ledger in a file that another process may be writing. @throws LedgerUnavailable */
export const readLedger = ({
  file,
  compacted = [],
}: Pick<LedgerOptions, 'file' | 'compacted'>): ReadLedger => {
  const db = readDatabase(ledgerKind, file);
  return {
    ...openSearch(db),
    audit: readAudit(db),
    verify: () => db.snapshot(verifier(db, compacted)),
    close: db.close,
  };
};
