import { type MemoryStoreData, memoryStoreData } from './memory-data.ts';
import {
  type Commit,
  type Fact,
  type FiledToDo,
  type ParkedInput,
  type Snapshot,
  type Store,
  untriedOf,
} from './store.ts';

/**
 * A store in memory: nothing survives the process. What is kept goes through JSON, as in the other
 * adapters, so that nobody shares objects with it.
 */
export const memoryStore = (data: MemoryStoreData = memoryStoreData()): Store => {
  const { commits, causes, snapshots, toDos, parked, sets, known } = data;

  /** Does something in a later turn; the dead do nothing and hear nothing. */
  const perform = <Result>(task: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      data.schedule(() => {
        if (data.dead.has(port)) return;
        try {
          resolve(task());
        } catch (error) {
          reject(error);
        }
      });
    });

  /** The same with a copy of what was given, made at once: nobody shares objects with a store. */
  const performWith = <Given, Result>(given: Given, task: (copy: Given) => Result) => {
    const copied = copy(given);
    return perform(() => task(copied));
  };

  const insert = ({ stream, version, cause, body }: Row): boolean => {
    const stored = within(commits, stream, () => []);
    const decided = within(causes, stream, () => new Map<string, number>());
    if (version !== stored.length + 1 || decided.has(cause)) return false;
    decided.set(cause, stored.length);
    stored.push(body);
    return true;
  };

  const insertRun = (rows: readonly Row[]): number => {
    const lost = rows.findIndex((row) => !insert(row));
    return lost < 0 ? rows.length : lost;
  };

  const saveSnapshot = (snapshot: Snapshot): void => {
    const ofStream = within(snapshots, snapshot.stream, () => new Map<string, string>());
    const standing = ofStream.get(snapshot.table);
    if (standing !== undefined && parse<Snapshot>(standing).version >= snapshot.version) return;
    ofStream.set(snapshot.table, JSON.stringify(snapshot));
  };

  const park = (input: ParkedInput): void => {
    const ofStream = within(parked, input.stream, () => new Map<string, ParkedInput>());
    keepHighestTries(ofStream, input.id, input);
  };

  const keep = (set: string, { document, id, body }: Kept): void => {
    const facts = within(
      within(sets, set, () => new Map()),
      document,
      () => new Map(),
    );
    if (!facts.has(id)) facts.set(id, body);
  };

  const file = (filed: readonly FiledToDo[]): Promise<void> =>
    performWith(filed, (copies) =>
      copies.forEach((toDo) => keepHighestTries(toDos, toDo.id, toDo)),
    );

  const port: Store = {
    append: async (run) => {
      const rows = run.map(rowOf);
      const named = run.map((commit) => copy(untriedOf([commit])));
      const stored = await perform(() => insertRun(rows));
      const toDosOfThem = named.slice(0, stored).flat();
      // In a turn of its own, so that a process can die in between.
      if (toDosOfThem.length > 0) await file(toDosOfThem);
      return stored;
    },
    load: (stream, after) =>
      perform(() => (commits.get(stream) ?? []).slice(Math.max(0, after)).map(parse<Commit>)),
    find: (stream, cause) =>
      perform(() => {
        const index = causes.get(stream)?.get(cause);
        const found = index === undefined ? undefined : commits.get(stream)?.[index];
        return found === undefined ? undefined : parse<Commit>(found);
      }),

    snapshot: (stream, table) =>
      perform(() => {
        const found = snapshots.get(stream)?.get(table);
        return found === undefined ? undefined : parse<Snapshot>(found);
      }),
    saveSnapshot: (snapshot) => performWith(snapshot, saveSnapshot),

    file,
    due: ({ partition, before, limit }) =>
      perform(() =>
        [...toDos.values()]
          .filter((toDo) => toDo.partition === partition && toDo.dueAt < before)
          .sort((a, b) => a.dueAt - b.dueAt)
          .slice(0, limit)
          .map(copy),
      ),
    unfile: (ids) => perform(() => ids.forEach((id) => void toDos.delete(id))),

    park: (inputs) => performWith(inputs, (copies) => copies.forEach(park)),
    parked: (partition) =>
      perform(() =>
        [...parked.values()]
          .flatMap((ofStream) => [...ofStream.values()])
          .filter((input) => input.partition === partition)
          .sort((a, b) => compare(a.stream, b.stream) || a.sequence - b.sequence)
          .map(copy),
      ),
    unpark: (inputs) =>
      perform(() =>
        inputs.forEach(({ stream, id, at }) => {
          if (parked.get(stream)?.get(id)?.at === at) parked.get(stream)?.delete(id);
        }),
      ),

    keep: (set, facts) => {
      const kept = facts.map((fact) => ({ ...fact, body: JSON.stringify(fact.body) }));
      return perform(() => kept.forEach((each) => keep(set, each)));
    },
    facts: (set, document) =>
      perform(() =>
        [...(sets.get(set)?.get(document) ?? [])].map(([id, body]) => ({
          document,
          id,
          body: JSON.parse(body),
        })),
      ),
    drop: (set) => perform(() => void sets.delete(set)),

    once: (key, value) => perform(() => within(known, key, () => value)),
    known: (prefix) =>
      perform(() =>
        [...known].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => compare(a, b)),
      ),

    close: async () => {},
  };
  return port;
};

/** A commit as it is kept: what decides beside its JSON. */
type Row = Pick<Commit, 'stream' | 'version' | 'cause'> & { readonly body: string };
const rowOf = (commit: Commit): Row => {
  const { stream, version, cause } = commit;
  return { stream, version, cause, body: JSON.stringify(commit) };
};
type Kept = Omit<Fact, 'body'> & { readonly body: string };

/** The value under a key, made if there is none. */
const within = <Value>(map: Map<string, Value>, key: string, make: () => Value): Value => {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
};

/** What is tried more often replaces what was tried less; what is there under its tries, stays. */
const keepHighestTries = <Tried extends { readonly tries: number }>(
  map: Map<string, Tried>,
  key: string,
  fresh: Tried,
): void => {
  const standing = map.get(key);
  if (standing === undefined || standing.tries < fresh.tries) map.set(key, fresh);
};

const parse = <Value>(text: string): Value => JSON.parse(text) as Value;
const copy = <Value>(value: Value): Value => parse(JSON.stringify(value));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
