import type { Store } from '../store.ts';
import type { MongoDatabase } from './database.ts';
import { insert, type Keyed } from './inserts.ts';

interface KnownDocument extends Keyed {
  readonly value: string;
}

const KNOWN = 'known';

/** Values written once under a key. */
export const knownIn = (db: MongoDatabase): Pick<Store, 'once' | 'known'> => {
  const known = db.collection<KnownDocument>(KNOWN);

  return {
    once: (key, value) =>
      db.ask(async () => {
        const taken = await insert(known, [{ _id: key, value }], { ordered: true });
        if (taken.size === 0) return value;
        // Nothing is ever taken away, so what took the key is there.
        const standing = await known.findOne({ _id: key });
        if (standing === null) throw new Error(`expected a value under ${key}, found none`);
        return standing.value;
      }),
    known: (prefix) =>
      db.ask(async () => {
        const found = await known.find({ _id: { $gte: prefix } }).toArray();
        return found
          .filter(({ _id }) => _id.startsWith(prefix))
          .map(({ _id, value }): [string, string] => [_id, value])
          .sort(([one], [other]) => (one < other ? -1 : 1));
      }),
  };
};
