import type { ParkedInput, Store } from '../store.ts';
import type { MongoDatabase } from './database.ts';
import { keyOf } from './keys.ts';
import { counting, tried, type TriedDocument } from './tried.ts';

export interface ParkedDocument extends TriedDocument {
  readonly partition: number;
  readonly at: number | null;
}

export const PARKED = 'parked';

/** The inputs of parked streams: a document for each try. */
export const parkedIn = (db: MongoDatabase): Pick<Store, 'park' | 'parked' | 'unpark'> => {
  const inputs = db.collection<ParkedDocument>(PARKED);
  const park = db.adder<ParkedDocument>(PARKED);

  return {
    park: async (parked) => park(parked.map(documentOf)),
    parked: (partition) =>
      db.ask(async () => {
        const found = counting(await inputs.find({ partition }).toArray());
        return found.map(({ body }) => JSON.parse(body) as ParkedInput).toSorted(inOrder);
      }),
    unpark: (those) =>
      db.ask(async () => {
        for (const { stream, id, at } of those) {
          // Those that were written before documents had it are found without it.
          await inputs.deleteMany({ of: keyOf(stream, id), at: { $in: [at, null] } });
        }
      }),
  };
};

const documentOf = (input: ParkedInput): ParkedDocument => {
  const { stream, id, tries, partition, at } = input;
  return { ...tried(keyOf(stream, id), tries, input), partition, at };
};

const inOrder = (one: ParkedInput, other: ParkedInput): number =>
  one.stream < other.stream ? -1 : one.stream > other.stream ? 1 : one.sequence - other.sequence;
