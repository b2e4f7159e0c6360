import type { Progress } from '../delivery/records.ts';
import type { Timing } from '../delivery/timing.ts';
import type { Database } from '@ensemble/sqlite';

/** How far the groups are, remembered here and written a little later. */
export interface LazyProgress extends Progress {
  /** Writes what is not written yet. */
  readonly flush: () => Promise<void>;
}

type Place = [group: string, topic: string, partition: number];

const LATER_MS = 100;

/** Opens the progress of all groups. What a crash loses of it is delivered again. */
export const openProgress = (db: Database, { after }: Pick<Timing, 'after'>): LazyProgress => {
  const offsets = new Map<string, number>();
  const unwritten = new Map<string, Place>();
  let isDue = false;

  const insert = db.prepare(
    `INSERT INTO progress ("group", topic, partition, offset) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET offset = excluded.offset`,
  );
  const keyOf = (...place: Place): string => place.join('\u0000');

  for (const row of db.prepare('SELECT * FROM progress').all()) {
    const place: Place = [String(row['group']), String(row['topic']), Number(row['partition'])];
    offsets.set(keyOf(...place), Number(row['offset']));
  }

  const flush = async (): Promise<void> => {
    const places = [...unwritten];
    unwritten.clear();
    try {
      if (places.length > 0) await db.write(() => places.forEach(write));
    } catch (error) {
      for (const [key, place] of places) unwritten.set(key, place);
      throw error;
    }
  };

  const write = ([key, place]: [string, Place]): void =>
    void insert.run(...place, offsets.get(key) ?? 0);

  const flushLater = (): void => {
    if (isDue) return;
    isDue = true;
    after(LATER_MS, () => {
      isDue = false;
      // The log being away shows at the next append; what is unwritten goes with the next commit.
      flush().catch(() => {});
    });
  };

  return {
    committed: (...place) => offsets.get(keyOf(...place)) ?? 0,
    commit(group, topic, partition, offset) {
      const key = keyOf(group, topic, partition);
      offsets.set(key, offset);
      unwritten.set(key, [group, topic, partition]);
      flushLater();
    },
    flush,
  };
};
