import { LRUCache } from 'lru-cache';
import { type Commit, type Store, untriedOf } from '../store.ts';
import { type MongoDatabase, REQUEST_LIMIT } from './database.ts';
import { insert, type Keyed } from './inserts.ts';
import { keyOf, keysUnder, versionKey } from './keys.ts';

/** A commit as it is stored: unique under its `_id` (stream, version) and under (stream, cause). */
export interface CommitDocument extends Keyed {
  readonly stream: string;
  readonly cause: string;
  /** The whole commit, as JSON. */
  readonly body: string;
}

/** Consecutive commits of one stream. */
interface Run {
  readonly stream: string;
  readonly from: number;
  readonly documents: readonly CommitDocument[];
}

const RECENT_STREAMS = 50_000;
/** FerretDB 1.24 keeps the order of an ordered insert only within its batches of a hundred. */
const ORDERED_LIMIT = 100;

export const COMMITS = 'commits';

/** The commits of streams. Two unique keys decide; what is remembered here only saves reading. */
export const commitsIn = (
  db: MongoDatabase,
  { file }: Pick<Store, 'file'>,
): Pick<Store, 'append' | 'load' | 'find'> => {
  const commits = db.collection<CommitDocument>(COMMITS);
  /** By stream, a version that is known to be stored; there may be higher ones. */
  const stored = new LRUCache<string, number>({ max: RECENT_STREAMS });

  const note = (stream: string, version: number): void => {
    if (version > (stored.get(stream) ?? 0)) stored.set(stream, version);
  };

  const isStored = async (stream: string, version: number): Promise<boolean> => {
    if (version <= (stored.get(stream) ?? 0)) return true;
    const _id = idOf(stream, version);
    const found = await commits.findOne({ _id }, { projection: { _id: 1 } });
    if (found !== null) note(stream, version);
    return found !== null;
  };

  /** No two of these are of one stream, so none of them builds on another. */
  const insertSingles = async (runs: readonly Run[]): Promise<number[]> => {
    if (runs.length === 0) return [];
    const documents = runs.flatMap((run) => run.documents);
    const lost = await insert(commits, documents, { ordered: false });
    return runs.map((_, index) => (lost.has(index) ? 0 : 1));
  };

  /** One after the other. A run ends where it loses; then the other runs go on. */
  const insertInOrder = async (runs: readonly Run[]): Promise<number[]> => {
    const counts = runs.map(() => 0);
    let rest = runs.flatMap(({ documents }, run) =>
      documents.map((document) => ({ document, run })),
    );
    while (rest.length > 0) {
      const some = rest.slice(0, ORDERED_LIMIT);
      const documents = some.map(({ document }) => document);
      const [lost = some.length] = await insert(commits, documents, { ordered: true });
      for (const { run } of some.slice(0, lost)) counts[run] = (counts[run] ?? 0) + 1;
      const loser = some[lost]?.run;
      rest = rest.slice(lost).filter(({ run }) => run !== loser);
    }
    return counts;
  };

  const insertAll = async (runs: readonly Run[]): Promise<number[]> => {
    const follows = await Promise.all(runs.map(({ stream, from }) => isStored(stream, from - 1)));
    const singles = runs.filter(({ documents }, at) => follows[at] && documents.length === 1);
    const several = runs.filter(({ documents }, at) => follows[at] && documents.length > 1);
    // Both are over before the next group begins, whatever comes of one of them.
    const [alone, inOrder] = await Promise.allSettled([
      insertSingles(singles),
      insertInOrder(several),
    ]);
    if (alone.status === 'rejected') throw alone.reason;
    if (inOrder.status === 'rejected') throw inOrder.reason;
    const counts = new Map<Run, number>();
    singles.forEach((run, index) => counts.set(run, alone.value[index] ?? 0));
    several.forEach((run, index) => counts.set(run, inOrder.value[index] ?? 0));
    for (const [{ stream, from }, count] of counts) note(stream, from + count - 1);
    return runs.map((run) => counts.get(run) ?? 0);
  };

  const append = db.inGroups<Run, number>({
    limit: REQUEST_LIMIT,
    weightOf: ({ documents }) => documents.length,
    keyOf: ({ stream }) => stream,
    send: insertAll,
  });

  return {
    async append(run) {
      const [first] = run;
      if (first === undefined) return 0;
      return db.whole(async () => {
        const documents = consecutive(run, first).map(documentOf);
        const inserted = await append({ stream: first.stream, from: first.version, documents });
        const toDos = untriedOf(run.slice(0, inserted));
        if (toDos.length > 0) await file(toDos);
        return inserted;
      });
    },
    load: (stream, after) =>
      db.ask(async () => {
        const { $lt } = keysUnder(stream);
        // Also by stream: a server that cannot use the range for finding can use this.
        const found = await commits
          .find({ stream, _id: { $gt: idOf(stream, Math.max(0, after)), $lt } })
          .sort({ _id: 1 })
          .hint({ _id: 1 })
          .toArray();
        const loaded = found.map(commitOf);
        note(stream, loaded.at(-1)?.version ?? 0);
        return loaded;
      }),
    find: (stream, cause) =>
      db.ask(async () => {
        const found = await commits.findOne({ stream, cause });
        return found === null ? undefined : commitOf(found);
      }),
  };
};

const consecutive = (run: readonly Commit[], first: Commit): readonly Commit[] => {
  const gap = run.findIndex(({ version }, index) => version !== first.version + index);
  return gap < 0 ? run : run.slice(0, gap);
};

const idOf = (stream: string, version: number): string => keyOf(stream, versionKey(version));

const documentOf = (commit: Commit): CommitDocument => {
  const { stream, version, cause } = commit;
  return { _id: idOf(stream, version), stream, cause, body: JSON.stringify(commit) };
};

const commitOf = ({ body }: CommitDocument): Commit => JSON.parse(body) as Commit;
