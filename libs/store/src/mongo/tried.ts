import type { Collection } from 'mongodb';
import type { Keyed } from './inserts.ts';
import { keyOf } from './keys.ts';

/** Something that is tried again: a document a try, of which the one with the most tries counts. */
export interface TriedDocument extends Keyed {
  /** What is tried. */
  readonly of: string;
  readonly tries: number;
  /** As JSON. */
  readonly body: string;
}

export const tried = (of: string, tries: number, value: unknown): TriedDocument => ({
  _id: keyOf(of, String(tries)),
  of,
  tries,
  body: JSON.stringify(value),
});

/** Of each thing the highest tries among these documents. */
const highestTries = (
  documents: readonly Pick<TriedDocument, 'of' | 'tries'>[],
): ReadonlyMap<string, number> => {
  const highest = new Map<string, number>();
  for (const { of, tries } of documents) {
    highest.set(of, Math.max(tries, highest.get(of) ?? tries));
  }
  return highest;
};

/** Those of these documents that count, if all of them are here. */
export const counting = <Document extends TriedDocument>(
  documents: readonly Document[],
): Document[] => {
  const highest = highestTries(documents);
  return documents.filter(({ of, tries }) => highest.get(of) === tries);
};

/** The ids of those of these documents that count for nothing beside others in the collection. */
export const overtaken = async (
  collection: Collection<TriedDocument>,
  documents: readonly TriedDocument[],
): Promise<string[]> => {
  if (documents.length === 0) return [];
  const all = await collection
    .find({ of: { $in: documents.map(({ of }) => of) } })
    .project<Pick<TriedDocument, 'of' | 'tries'>>({ of: 1, tries: 1 })
    .toArray();
  const highest = highestTries(all);
  return documents
    .filter(({ of, tries }) => tries < (highest.get(of) ?? tries))
    .map(({ _id }) => _id);
};
