import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { groupCommit } from './group-commit.ts';

let db: DatabaseSync;
let group: ReturnType<typeof groupCommit>;

beforeEach(() => {
  db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE words (word TEXT NOT NULL)');
  group = groupCommit(db, {
    failed: (error) => error,
    isShared: () => false,
    rolledBack: () => undefined,
  });
});

const insert = (word: string | null) => (): void =>
  void db.prepare('INSERT INTO words VALUES (?)').run(word);
const words = (): unknown[] =>
  db
    .prepare('SELECT word FROM words')
    .all()
    .map(({ word }) => word);

describe('a group commit', () => {
  it('lets what may wait travel with what may not', async () => {
    const order: string[] = [];
    const soon = group.write(insert('soon'), 'soon').then(() => order.push('soon'));
    const now = group.write(insert('now')).then(() => order.push('now'));
    await now;
    expect(order).toEqual(['soon', 'now']);
    await soon;
  });

  it('does what may wait also when nothing else comes', async () => {
    await group.write(insert('soon'), 'soon');
    expect(words()).toEqual(['soon']);
  });

  it('has done it all when it says so', async () => {
    const soon = group.write(insert('soon'), 'soon');
    await group.settled();
    expect(words()).toEqual(['soon']);
    await soon;
  });

  it("does not let one write's mistake be its neighbours'", async () => {
    const [before, mistake, after] = await Promise.allSettled([
      group.write(insert('before'), 'soon'),
      group.write(insert(null)),
      group.write(insert('after')),
    ]);
    expect([before.status, mistake.status, after.status]).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(words()).toEqual(['before', 'after']);
  });
});
