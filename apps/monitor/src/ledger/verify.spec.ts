import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { linkOf } from './chain.ts';
import { openLedger, readLedger } from './ledger.ts';
import { folder, recordAt, someRecords } from './spec-kit.ts';

const forged = linkOf(new Uint8Array(32), {
  offset: 5,
  timestamp: 0,
  key: null,
  headers: '[]',
  value: null,
});

/** What somebody does to the file who wants to leave no traces. */
const tampering: Record<string, (db: DatabaseSync) => void> = {
  'another body': (db) => db.exec("UPDATE records SET value = x'00' WHERE offset = 4"),
  'another header': (db) =>
    db.exec("UPDATE records SET headers = replace(headers, 'event-4', 'event-5')"),
  'another time': (db) => db.exec('UPDATE records SET timestamp = 1 WHERE offset = 4'),
  'another key': (db) => db.exec('UPDATE records SET key = NULL WHERE offset = 4'),
  'another hash': (db) => db.prepare('UPDATE records SET hash = ? WHERE offset = 9').run(forged),
  'another place': (db) => db.exec('UPDATE records SET offset = 99 WHERE offset = 9'),
  'what it is found by': (db) => db.exec("UPDATE records SET type = 'x' WHERE offset = 4"),
  'one taken out': (db) => db.exec('DELETE FROM records WHERE offset = 4'),
  'the last taken off': (db) => db.exec('DELETE FROM records WHERE offset = 9'),
  'the first taken off': (db) => db.exec('DELETE FROM records WHERE offset = 0'),
  'all but the chain taken off': (db) => db.exec('DELETE FROM records'),
  'one taken out, as if it had been a gap': (db) =>
    db.exec('DELETE FROM records WHERE offset = 4; INSERT INTO gaps VALUES (1, 4, 5)'),
  'one added': (db) =>
    db
      .prepare(
        `INSERT INTO records (chain, offset, timestamp, headers, hash) VALUES (1, 10, 0, '[]', ?)`,
      )
      .run(forged),
  'one added to no chain': (db) =>
    db
      .prepare(
        `INSERT INTO records (chain, offset, timestamp, headers, hash) VALUES (7, 0, 0, '[]', ?)`,
      )
      .run(forged),
  'a gap that is none': (db) => db.exec('INSERT INTO gaps VALUES (1, 3, 4)'),
  'another beginning': (db) => db.exec("UPDATE chains SET before = x'00'"),
  'another end': (db) => db.exec('UPDATE chains SET next = 11'),
};

const verified = async (tamper: (db: DatabaseSync) => void): Promise<readonly string[]> => {
  using temporary = folder();
  const file = join(temporary.path, 'monitor.db');
  const ledger = openLedger({ file });
  await ledger.take(someRecords(10));
  await ledger.close();
  const db = new DatabaseSync(file);
  db.exec('DROP TRIGGER records_stay');
  tamper(db);
  db.close();
  const reader = readLedger({ file });
  const { faults } = await reader.verify();
  await reader.close();
  return faults;
};

describe('verifying', () => {
  it('finds nothing where nobody was', async () => {
    expect(await verified(() => undefined)).toEqual([]);
  });

  it.each(Object.keys(tampering))('finds %s', async (what) => {
    expect(await verified(tampering[what]!)).not.toEqual([]);
  });

  it('goes on while the ledger is written', async () => {
    using temporary = folder();
    const file = join(temporary.path, 'monitor.db');
    const ledger = openLedger({ file });
    await ledger.take(someRecords(3));
    const reader = readLedger({ file });
    await ledger.take([recordAt(3)]);
    const { chains, faults } = await reader.verify();
    expect(faults).toEqual([]);
    expect(chains).toMatchObject([{ records: 4, next: 4 }]);
    await reader.close();
    await ledger.close();
  });
});
