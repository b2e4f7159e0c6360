import { type Collection, MongoBulkWriteError, type OptionalUnlessRequiredId } from 'mongodb';

/** What every document of ours has. */
export interface Keyed {
  readonly _id: string;
}

const DUPLICATE_KEY = 11_000;

/**
 * Inserts documents; resolves to the places of those whose keys were taken. In order: it ends with
 * the first of these, and what stands behind it is not inserted.
 */
export const insert = async <Document extends Keyed>(
  collection: Collection<Document>,
  documents: readonly Document[],
  { ordered }: { ordered: boolean },
): Promise<ReadonlySet<number>> => {
  try {
    const given = documents as readonly OptionalUnlessRequiredId<Document>[];
    await collection.insertMany(given, { ordered });
    return new Set();
  } catch (error) {
    return taken(error);
  }
};

/** Only the code tells that a key was taken; whatever else is in an error is an unknown outcome. */
const taken = (error: unknown): ReadonlySet<number> => {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const errors = [error.writeErrors].flat();
  const isOnlyThat =
    errors.length > 0 &&
    errors.every(({ code }) => code === DUPLICATE_KEY) &&
    error.result.getWriteConcernError() === undefined;
  if (!isOnlyThat) throw error;
  return new Set(errors.map(({ index }) => index));
};
