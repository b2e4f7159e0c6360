import type { Snapshot, Store } from '../store.ts';
import type { MongoDatabase } from './database.ts';
import type { Keyed } from './inserts.ts';
import { keyOf, keysUnder, versionKey } from './keys.ts';

interface SnapshotDocument extends Keyed {
  readonly stream: string;
  readonly version: number;
  /** The whole snapshot, as JSON. */
  readonly body: string;
}

const SNAPSHOTS = 'snapshots';

/** The newest snapshot of each stream and table. */
export const snapshotsIn = (db: MongoDatabase): Pick<Store, 'snapshot' | 'saveSnapshot'> => {
  const snapshots = db.collection<SnapshotDocument>(SNAPSHOTS);
  const add = db.adder<SnapshotDocument>(SNAPSHOTS);

  return {
    snapshot: (stream, table) =>
      db.ask(async () => {
        const [newest] = await snapshots
          .find({ stream, _id: keysUnder(stream, table) })
          .sort({ _id: -1 })
          .limit(1)
          .toArray();
        return newest && (JSON.parse(newest.body) as Snapshot);
      }),
    async saveSnapshot(snapshot) {
      const { stream, table, version } = snapshot;
      const _id = keyOf(stream, table, versionKey(version));
      await add([{ _id, stream, version, body: JSON.stringify(snapshot) }]);
      await db.ask(() =>
        snapshots.deleteMany({ stream, _id: keysUnder(stream, table), version: { $lt: version } }),
      );
    },
  };
};
