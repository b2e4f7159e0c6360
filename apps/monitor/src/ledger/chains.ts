import type { LogRecord, Offsets } from '@ensemble/log';
import type { Database } from '@ensemble/sqlite';
import { genesis } from './chain.ts';
import { bytesIn, numberIn, type Row, textIn } from './row.ts';

/** Where a topic and partition stands. */
export interface Chain {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  /** Offset from which its records are kept, and the hash before the first of them. */
  readonly first: number;
  readonly before: Uint8Array;
  /** The offset after its newest record, and that one's hash. */
  readonly next: number;
  readonly head: Uint8Array;
}

/** The chains of a ledger that is written here. */
export interface Chains {
  /** Within a write: one that is not there is begun. */
  of(place: Pick<LogRecord, 'topic' | 'partition'>): Chain;
  all(): readonly Chain[];
  /** Within a write. */
  save(chain: Chain): void;
  positions(): Offsets;
}

const chainIn = (row: Row): Chain => ({
  id: numberIn(row, 'id'),
  topic: textIn(row, 'topic'),
  partition: numberIn(row, 'partition'),
  first: numberIn(row, 'first'),
  before: bytesIn(row, 'before'),
  next: numberIn(row, 'next'),
  head: bytesIn(row, 'head'),
});

/** The chains as they stand in the file. */
export const chainsOf = (db: Pick<Database, 'prepare'>): (() => readonly Chain[]) => {
  const select = db.prepare('SELECT * FROM chains ORDER BY topic, partition');
  return () => select.all().map(chainIn);
};

const placeOf = ({ topic, partition }: Pick<LogRecord, 'topic' | 'partition'>): string =>
  `${partition}/${topic}`;

export const openChains = (db: Database): Chains => {
  const load = chainsOf(db);
  const insert = db.prepare(
    `INSERT INTO chains (topic, partition, first, before, next, head) VALUES (?, ?, 0, ?, 0, ?)
     RETURNING *`,
  );
  const update = db.prepare(
    'UPDATE chains SET first = ?, before = ?, next = ?, head = ? WHERE id = ?',
  );
  const chains = new Map<string, Chain>();
  const remember = (): void => {
    chains.clear();
    for (const chain of load()) chains.set(placeOf(chain), chain);
  };
  remember();
  db.onRollback(remember);

  const begin = ({ topic, partition }: Pick<LogRecord, 'topic' | 'partition'>): Chain => {
    const start = genesis(topic, partition);
    return chainIn(insert.get(topic, partition, start, start) ?? {});
  };

  return {
    of: (place) => {
      const chain = chains.get(placeOf(place)) ?? begin(place);
      chains.set(placeOf(place), chain);
      return chain;
    },
    all: () => [...chains.values()],
    save: (chain) => {
      chains.set(placeOf(chain), chain);
      const { first, before, next, head, id } = chain;
      update.run(first, before, next, head, id);
    },
    positions: () => {
      const positions: Record<string, number[]> = {};
      for (const { topic, partition, next } of chains.values()) {
        (positions[topic] ??= [])[partition] = next;
      }
      return Object.fromEntries(
        Object.entries(positions).map(([topic, next]) => [topic, Array.from(next, (n) => n ?? 0)]),
      );
    },
  };
};
