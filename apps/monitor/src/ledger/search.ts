import type { LogRecord } from '@ensemble/log';
import type { Database } from '@ensemble/sqlite';
import { z } from 'zod';
import { moment, word } from '../asked.ts';
import { headersOf, linkedIn } from './chain.ts';
import { bytesIn, numberIn, type Row, textIn } from './row.ts';

/** A record as the ledger has it. */
export interface LedgerRecord extends LogRecord {
  /** The order in which the ledger took it in; one made anew may have another. */
  readonly id: number;
  /** Its link of the chain, in hex. */
  readonly hash: string;
}

/** What is looked for; what is left out does not matter. */
export const recordsQuery = z.object({
  booking: word,
  type: word,
  service: word,
  trace: word,
  topic: word,
  /** The log's own time: from one moment until before another. */
  from: moment,
  until: moment,
  /** Where the last answer ended: its `next`. */
  after: word,
});
export interface Query extends z.output<typeof recordsQuery> {
  /** The newest first, or the oldest. Default: newest. */
  readonly order?: 'newest' | 'oldest' | undefined;
  /** Default: 100. */
  readonly limit?: number | undefined;
}

/** What was found. */
export interface Found {
  readonly records: readonly LedgerRecord[];
  /** To go on from, or null at the end. */
  readonly next: string | null;
}

export interface Search {
  search(query: Query): Promise<Found>;
  /** Everything about a booking, in the order of the log's time. */
  ofBooking(booking: string): Promise<readonly LedgerRecord[]>;
  /** In the order in which they were taken in, those after one, by `id`. */
  since(id: number, limit: number): Promise<readonly LedgerRecord[]>;
  at(topic: string, partition: number, offset: number): Promise<LedgerRecord | undefined>;
}

const recordIn = (row: Row): LedgerRecord => {
  const { key, headers, ...link } = linkedIn(row);
  return {
    ...link,
    id: numberIn(row, 'id'),
    topic: textIn(row, 'topic'),
    partition: numberIn(row, 'partition'),
    key: key === null ? null : Buffer.from(key).toString(),
    headers: headersOf(headers),
    hash: Buffer.from(bytesIn(row, 'hash')).toString('hex'),
  };
};

const columns =
  'SELECT r.id, topic, partition, offset, timestamp, key, headers, value, hash FROM records r ' +
  'JOIN chains c ON c.id = r.chain';

const conditionsOf = ({ booking, type, service, trace, topic, from, until }: Query) =>
  [
    ['booking = ?', booking],
    ['type = ?', type],
    ['service = ?', service],
    ['trace = ?', trace],
    ['topic = ?', topic],
    ['timestamp >= ?', from],
    ['timestamp < ?', until],
  ] as const;

const defaultLimit = 100;
const place = /^(-?\d{1,15})\.(\d{1,15})$/;

/** Finds what is in a ledger's file. */
export const openSearch = (db: Pick<Database, 'prepare' | 'read'>): Search => {
  const byBooking = db.prepare(`${columns} WHERE booking = ? ORDER BY timestamp, r.id`);
  const bySince = db.prepare(`${columns} WHERE r.id > ? ORDER BY r.id LIMIT ?`);
  const byPlace = db.prepare(`${columns} WHERE topic = ? AND partition = ? AND offset = ?`);
  return {
    search: ({ order = 'newest', after, limit = defaultLimit, ...query }) =>
      db.read(() => {
        const isNewest = order === 'newest';
        const given = conditionsOf(query).flatMap(([condition, value]) =>
          value === undefined ? [] : [[condition, value] as const],
        );
        const [, time, id] = place.exec(after ?? '') ?? [];
        const where: string[] = given.map(([condition]) => condition);
        if (time !== undefined) where.push(`(timestamp, r.id) ${isNewest ? '<' : '>'} (?, ?)`);
        const direction = isNewest ? 'DESC' : 'ASC';
        const sql =
          `${columns} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ` +
          `ORDER BY timestamp ${direction}, r.id ${direction} LIMIT ?`;
        const values = given.map(([, value]) => value);
        const from = time === undefined ? [] : [Number(time), Number(id)];
        const records = db
          .prepare(sql)
          .all(...values, ...from, limit + 1)
          .map(recordIn);
        const page = records.slice(0, limit);
        const last = page.at(-1);
        const isMore = records.length > limit && last !== undefined;
        return { records: page, next: isMore ? `${last.timestamp}.${last.id}` : null };
      }),
    ofBooking: (booking) => db.read(() => byBooking.all(booking).map(recordIn)),
    since: (id, limit) => db.read(() => bySince.all(id, limit).map(recordIn)),
    at: (topic, partition, offset) =>
      db.read(() => byPlace.all(topic, partition, offset).map(recordIn)[0]),
  };
};
