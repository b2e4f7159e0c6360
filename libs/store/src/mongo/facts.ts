import type { Fact, Store } from '../store.ts';
import type { MongoDatabase } from './database.ts';
import type { Keyed } from './inserts.ts';
import { keyOf, keysUnder } from './keys.ts';

interface FactDocument extends Keyed {
  readonly document: string;
  /** The whole fact, as JSON. */
  readonly body: string;
}

/** The facts of read models: a collection for each set, so that a set is dropped at once. */
export const factsIn = (db: MongoDatabase): Pick<Store, 'keep' | 'facts' | 'drop'> => {
  const adders = new Map<string, (documents: readonly FactDocument[]) => Promise<void>>();

  const adderOf = (set: string) => {
    const known = adders.get(set);
    if (known !== undefined) return known;
    const adder = db.adder<FactDocument>(nameOf(set));
    adders.set(set, adder);
    return adder;
  };

  return {
    keep: async (set, facts) => adderOf(set)(facts.map(documentOf)),
    facts: (set, document) =>
      db.ask(async () => {
        // Also by document: a server that cannot use the range for finding can use this.
        const found = await db
          .collection<FactDocument>(nameOf(set))
          .find({ document, _id: keysUnder(document) })
          .toArray();
        return found.map(({ body }) => JSON.parse(body) as Fact);
      }),
    drop: (set) =>
      db.ask(async () => {
        await db.collection(nameOf(set)).drop();
      }),
  };
};

const nameOf = (set: string): string => `facts.${set}`;

const documentOf = (fact: Fact): FactDocument => {
  const { document, id } = fact;
  return { _id: keyOf(document, id), document, body: JSON.stringify(fact) };
};
