import type { Cells } from '@ensemble/sqlite';

/** A commit as it is inserted; its stream is said once for a run. */
export type CommitRow = readonly [...StoredCommit, toDos: readonly ToDoRow[]];
/** A commit as it stands; the body is JSON. */
export type StoredCommit = readonly [version: number, cause: string, body: string];
/** A to-do on the schedule; the body is JSON. */
export type ToDoRow = readonly [
  id: string,
  tries: number,
  partition: number,
  dueAt: number,
  body: string,
];
/** A parked input; the body is JSON. */
export type ParkedRow = readonly [
  stream: string,
  id: string,
  sequence: number,
  tries: number,
  partition: number,
  body: string,
];
/** A fact of a read model; the body is JSON. */
export type FactRow = readonly [document: string, id: string, body: string];

/**
 * A store as its tables hold it: what `Store` promises, in strings and numbers. What is JSON was
 * made and is read by who calls, in whose thread there is time; the tables are in another.
 */
export interface Rows {
  append(stream: string, run: readonly CommitRow[]): Promise<number>;
  load(stream: string, after: number): Promise<readonly StoredCommit[]>;
  find(stream: string, cause: string): Promise<StoredCommit | undefined>;

  snapshot(stream: string, table: string): Promise<readonly [number, string] | undefined>;
  saveSnapshot(stream: string, table: string, version: number, body: string): Promise<void>;

  file(toDos: readonly ToDoRow[]): Promise<void>;
  due(partition: number, before: number, limit: number): Promise<readonly ToDoRow[]>;
  unfile(ids: readonly string[]): Promise<void>;

  park(inputs: readonly ParkedRow[]): Promise<void>;
  parked(partition: number): Promise<readonly ParkedRow[]>;
  unpark(inputs: readonly (readonly [stream: string, id: string, at: number])[]): Promise<void>;

  keep(set: string, facts: readonly FactRow[]): Promise<void>;
  facts(set: string, document: string): Promise<readonly FactRow[]>;
  drop(set: string): Promise<void>;

  once(key: string, value: string): Promise<string>;
  known(prefix: string): Promise<[key: string, value: string][]>;

  close(): Promise<void>;
}

/** Their names, for who calls from another thread. */
export const rowMethods = {
  append: true,
  load: true,
  find: true,
  snapshot: true,
  saveSnapshot: true,
  file: true,
  due: true,
  unfile: true,
  park: true,
  parked: true,
  unpark: true,
  keep: true,
  facts: true,
  drop: true,
  once: true,
  known: true,
  close: true,
} as const satisfies Record<keyof Cells<Rows>, true>;
