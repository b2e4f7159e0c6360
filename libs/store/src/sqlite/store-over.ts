import {
  type Commit,
  type Fact,
  type FiledToDo,
  type Json,
  type ParkedInput,
  type Store,
  untriedOf,
} from '../store.ts';
import type { CommitRow, FactRow, ParkedRow, Rows, StoredCommit, ToDoRow } from './rows.ts';

const commitRow = (commit: Commit): CommitRow => {
  const { stream: _stream, version, cause, ...body } = commit;
  return [version, cause, JSON.stringify(body), untriedOf([commit]).map(toDoRow)];
};

const commitOf = (stream: string, [version, cause, body]: StoredCommit): Commit => ({
  stream,
  version,
  cause,
  ...(JSON.parse(body) as Omit<Commit, 'stream' | 'version' | 'cause'>),
});

const toDoRow = ({ id, tries, partition, dueAt, ...body }: FiledToDo): ToDoRow => [
  id,
  tries,
  partition,
  dueAt,
  JSON.stringify(body),
];

const toDoOf = ([id, tries, partition, dueAt, body]: ToDoRow): FiledToDo => ({
  id,
  tries,
  partition,
  dueAt,
  ...(JSON.parse(body) as Omit<FiledToDo, 'id' | 'tries' | 'partition' | 'dueAt'>),
});

const parkedRow = (parked: ParkedInput): ParkedRow => {
  const { stream, id, sequence, tries, partition, ...body } = parked;
  return [stream, id, sequence, tries, partition, JSON.stringify(body)];
};

const parkedOf = ([stream, id, sequence, tries, partition, body]: ParkedRow): ParkedInput => ({
  stream,
  id,
  sequence,
  tries,
  partition,
  ...(JSON.parse(body) as Pick<ParkedInput, 'at' | 'reason' | 'input'>),
});

const factRow = ({ document, id, body }: Fact): FactRow => [document, id, JSON.stringify(body)];

const factOf = ([document, id, body]: FactRow): Fact => ({
  document,
  id,
  body: JSON.parse(body) as Json,
});

/** The store that its tables are, wherever they are. */
export const storeOver = (rows: Rows): Store => ({
  append: async (run) => {
    const [first] = run;
    return first === undefined ? 0 : rows.append(first.stream, run.map(commitRow));
  },
  load: async (stream, after) =>
    (await rows.load(stream, after)).map((row) => commitOf(stream, row)),
  find: async (stream, cause) => {
    const row = await rows.find(stream, cause);
    return row && commitOf(stream, row);
  },
  snapshot: async (stream, table) => {
    const row = await rows.snapshot(stream, table);
    return row && { stream, table, version: row[0], body: JSON.parse(row[1]) as Json };
  },
  saveSnapshot: async ({ stream, table, version, body }) =>
    rows.saveSnapshot(stream, table, version, JSON.stringify(body)),
  file: async (toDos) => rows.file(toDos.map(toDoRow)),
  due: async ({ partition, before, limit }) =>
    (await rows.due(partition, before, limit)).map(toDoOf),
  unfile: (ids) => rows.unfile(ids),
  park: async (inputs) => rows.park(inputs.map(parkedRow)),
  parked: async (partition) => (await rows.parked(partition)).map(parkedOf),
  unpark: (inputs) => rows.unpark(inputs.map(({ stream, id, at }) => [stream, id, at])),
  keep: async (set, facts) => rows.keep(set, facts.map(factRow)),
  facts: async (set, document) => (await rows.facts(set, document)).map(factOf),
  drop: (set) => rows.drop(set),
  once: (key, value) => rows.once(key, value),
  known: (prefix) => rows.known(prefix),
  close: () => rows.close(),
});
