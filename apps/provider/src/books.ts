import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Answer } from './answer.ts';
import { type Behaviour, behaviour } from './behaviour.ts';
import {
  type Charge,
  charge,
  type PaymentIntent,
  paymentIntent,
  type Refund,
  refund,
  type StripeObject,
} from './objects.ts';

/** An answer that was given under an idempotency key. */
export interface Given extends Answer {
  /** The request it was given to, written out. */
  readonly request: string;
}

/** What the provider remembers: on disk before anybody is told. */
export interface Books {
  intent(id: string): PaymentIntent | undefined;
  charge(id: string): Charge | undefined;
  /** Refunds of an intent, the newest first. */
  refundsOf(intent: string): Refund[];
  /** Refunds on their way, the oldest first. */
  pending(): Refund[];
  /** Every charge that moved money, the oldest first. */
  captured(): Charge[];
  given(key: string): Given | undefined;
  keep(objects: readonly StripeObject[]): void;
  give(key: string, given: Given): void;
  behaviour(): Behaviour;
  setBehaviour(behaviour: Behaviour): void;
  /** Does all of it or, if it throws, nothing. */
  atomically<Result>(work: () => Result): Result;
  close(): void;
}

const tables = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS object (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    intent TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS object_of_intent ON object (intent, kind);
  CREATE TABLE IF NOT EXISTS given (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS behaviour (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    body TEXT NOT NULL
  ) STRICT;
`;

const row = z.object({ body: z.string() });
const givenRow = z.object({ request: z.string(), status: z.int(), body: z.string() });
const anyJson = z.record(z.string(), z.json());

const open = (dataDir: string): DatabaseSync => {
  const file = join(dataDir, 'provider.sqlite');
  try {
    mkdirSync(dataDir, { recursive: true });
    const db = new DatabaseSync(file);
    db.exec(tables);
    return db;
  } catch (cause) {
    throw new Error(
      `the provider cannot keep its books in ${file}: expected a folder it may write to, with ` +
        'room left and no other program holding the file',
      { cause },
    );
  }
};

/** Opens the books in a folder, which is made when it is not there. */
export const openBooks = (dataDir: string): Books => {
  const db = open(dataDir);
  const byId = db.prepare('SELECT body FROM object WHERE id = ? AND kind = ?');
  const ofIntent = db.prepare(
    'SELECT body FROM object WHERE intent = ? AND kind = ? ORDER BY number DESC',
  );
  const ofKind = db.prepare('SELECT body FROM object WHERE kind = ? ORDER BY number');
  const givenTo = db.prepare('SELECT request, status, body FROM given WHERE key = ?');
  const put = db.prepare(
    `INSERT INTO object (id, kind, intent, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
  );
  const putGiven = db.prepare('INSERT INTO given (key, request, status, body) VALUES (?, ?, ?, ?)');
  const theBehaviour = db.prepare('SELECT body FROM behaviour');
  const putBehaviour = db.prepare('INSERT OR REPLACE INTO behaviour (one, body) VALUES (1, ?)');

  const read = <Value>(schema: z.ZodType<Value>, found: unknown): Value =>
    schema.parse(JSON.parse(row.parse(found).body));
  const find = <Value>(schema: z.ZodType<Value>, id: string, kind: string): Value | undefined => {
    const found = byId.get(id, kind);
    return found === undefined ? undefined : read(schema, found);
  };

  return {
    intent: (id) => find(paymentIntent, id, 'payment_intent'),
    charge: (id) => find(charge, id, 'charge'),
    refundsOf: (intent) => ofIntent.all(intent, 'refund').map((found) => read(refund, found)),
    pending: () =>
      ofKind
        .all('refund')
        .map((found) => read(refund, found))
        .filter(({ status }) => status === 'pending'),
    captured: () =>
      ofKind
        .all('charge')
        .map((found) => read(charge, found))
        .filter(({ captured }) => captured),
    given: (key) => {
      const found = givenTo.get(key);
      if (found === undefined) return undefined;
      const { request, status, body } = givenRow.parse(found);
      return { request, status, body: anyJson.parse(JSON.parse(body)) };
    },
    keep: (objects) => {
      for (const each of objects) {
        const intent = each.object === 'payment_intent' ? each.id : each.payment_intent;
        put.run(each.id, each.object, intent, JSON.stringify(each));
      }
    },
    give: (key, { request, status, body }) => {
      putGiven.run(key, request, status, JSON.stringify(body));
    },
    behaviour: () => {
      const found = theBehaviour.get();
      return found === undefined ? behaviour.parse({ mode: 'normal' }) : read(behaviour, found);
    },
    setBehaviour: (next) => {
      putBehaviour.run(JSON.stringify(next));
    },
    atomically: (work) => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk may have rolled it back already.
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
};
