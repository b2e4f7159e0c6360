import type { Database } from '@ensemble/sqlite';
import { aboutOf } from './about.ts';
import { genesis, headersOf, linkedIn, linkOf } from './chain.ts';
import { type Chain, chainsOf } from './chains.ts';
import { bytesIn, maybe, numberIn, type Row, textIn } from './row.ts';

/** What was found out about a ledger. */
export interface Verdict {
  readonly chains: readonly VerifiedChain[];
  /** What is wrong, in sentences; nothing if it is what was read from the log. */
  readonly faults: readonly string[];
}

/** A topic and partition that was reckoned again. */
export interface VerifiedChain {
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
  readonly first: number;
  readonly next: number;
  /** Offsets that the log did not have when what follows them came. */
  readonly missing: number;
  /** The newest hash, in hex: a ledger made anew of the same log has the same. */
  readonly head: string;
}

const isEqual = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** The fields by which it is found are those that its bytes say. */
const isFoundRightly = (topic: string, row: Row): boolean => {
  const { key, headers } = linkedIn(row);
  const about = aboutOf({
    topic,
    key: key === null ? null : Buffer.from(key).toString(),
    headers: headersOf(headers),
  });
  return (['booking', 'type', 'service', 'trace'] as const).every(
    (field) => about[field] === maybe(textIn, row, field),
  );
};

/** Prepares to reckon a ledger again; what it reads in one call should be of one moment. */
export const verifier = (
  db: Pick<Database, 'prepare'>,
  compacted: readonly string[],
): (() => Verdict) => {
  const chains = chainsOf(db);
  const select = db.prepare(
    `SELECT offset, timestamp, key, headers, value, hash, booking, type, service, trace
     FROM records WHERE chain = ? ORDER BY offset`,
  );
  const selectGaps = db.prepare('SELECT offset, until FROM gaps WHERE chain = ?');
  const strangers = db.prepare(
    'SELECT count(*) AS records FROM records WHERE chain NOT IN (SELECT id FROM chains)',
  );

  const verify = (chain: Chain, fault: (what: string) => void): VerifiedChain => {
    const { id, topic, partition, first, next, before, head } = chain;
    const at = (offset: number): string => `${topic}/${partition}/${offset}`;
    const gaps = new Map(
      selectGaps.all(id).map((gap) => [numberIn(gap, 'offset'), numberIn(gap, 'until')]),
    );
    if (first === 0 && !isEqual(before, genesis(topic, partition))) {
      fault(`${at(0)}: its chain does not begin as chains begin`);
    }
    let expected = first;
    let link = before;
    let [records, missing] = [0, 0];
    for (const row of select.iterate(id)) {
      const linked = linkedIn(row);
      const { offset } = linked;
      records += 1;
      if (offset !== expected && !compacted.includes(topic)) {
        if (gaps.get(expected) === offset) missing += offset - expected;
        else fault(`${at(expected)}: expected it next, found ${at(offset)}`);
        gaps.delete(expected);
      }
      if (!isEqual(linkOf(link, linked), bytesIn(row, 'hash'))) {
        fault(`${at(offset)}: its hash is not that of its bytes and what stood before it`);
      } else if (!isFoundRightly(topic, row)) {
        fault(`${at(offset)}: it is found by what its bytes do not say`);
      }
      link = bytesIn(row, 'hash');
      expected = offset + 1;
    }
    for (const [offset] of gaps) fault(`${at(offset)}: a gap is told of that is none`);
    if (expected !== next || !isEqual(link, head)) {
      fault(
        `${at(next)}: expected the chain to end before it with its own hash, found another end`,
      );
    }
    return { topic, partition, records, first, next, missing, head: hex(head) };
  };

  return () => {
    const faults: string[] = [];
    const verified = chains().map((chain) => verify(chain, (what) => faults.push(what)));
    const stray = Number(strangers.get()?.['records']);
    if (stray > 0) faults.push(`${stray} records are of no chain`);
    return { chains: verified, faults };
  };
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
