/**
 * What one service keeps. Nothing here is ever updated: inserts decide, deletes tidy up. A port;
 * the adapters are held to one conformance suite.
 *
 * Every rejection is an unknown outcome: the caller may do the same again.
 */
export interface Store {
  /**
   * Appends consecutive versions of ONE stream, in order, each unique under (stream, version) and
   * under (stream, cause). Resolves, when durable, to how many were inserted, counted from the
   * front: a commit is never stored without the one before it. Runs pending at one moment, of
   * different streams or of one, travel together.
   *
   * The to-dos that they name are then on file too, untried. After a rejection or a crash commits
   * may be stored whose to-dos are not: who meets such a commit again files them.
   */
  append(run: readonly Commit[]): Promise<number>;

  /** The commits of a stream with a version above `after`, in order. Never stale. */
  load(stream: string, after: number): Promise<Commit[]>;

  /** The commit of a stream that an input caused, if it was decided. Never stale. */
  find(stream: string, cause: string): Promise<Commit | undefined>;

  /** The newest snapshot of a stream made by this table version. */
  snapshot(stream: string, table: string): Promise<Snapshot | undefined>;
  /**
   * Keeps a snapshot if there is none of this stream, table and version; drops older ones of this
   * table. Those of another table stay: its instances may still run, or run again.
   */
  saveSnapshot(snapshot: Snapshot): Promise<void>;

  /** Files to-dos that are not on file yet under (id, tries). */
  file(toDos: readonly FiledToDo[]): Promise<void>;
  /**
   * The to-dos of a partition due before a moment, the earliest first: each as filed with its
   * highest `tries`, and only if that one is due.
   */
  due(options: { partition: number; before: number; limit: number }): Promise<FiledToDo[]>;
  /** Takes to-dos off the schedule, all their tries; those that are not there are passed over. */
  unfile(ids: readonly string[]): Promise<void>;

  /** Puts inputs aside that are not there yet under (stream, id, tries). */
  park(inputs: readonly ParkedInput[]): Promise<void>;
  /** What is parked in a partition, by stream and sequence, each input with its highest `tries`. */
  parked(partition: number): Promise<ParkedInput[]>;
  /**
   * Lets go of inputs as they were parked at a moment, all their tries. What was parked anew since
   * stays: a call whose answer was lost may come to be done late.
   */
  unpark(inputs: readonly Pick<ParkedInput, 'stream' | 'id' | 'at'>[]): Promise<void>;

  /** Adds facts to sets of a read model, those that are not there yet under (set, document, id). */
  keep(set: string, facts: readonly Fact[]): Promise<void>;
  /** The facts of a document, in no particular order. */
  facts(set: string, document: string): Promise<Fact[]>;
  /** Drops a whole set. */
  drop(set: string): Promise<void>;

  /** Writes a value under a key unless there is one; resolves to the value that stands. */
  once(key: string, value: string): Promise<string>;
  /** All keys with this prefix and their values, sorted by key. */
  known(prefix: string): Promise<[key: string, value: string][]>;

  close(): Promise<void>;
}

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** What one input led to: at once the state's history, the inbox and the outbox. */
export interface Commit {
  readonly stream: string;
  /** 1, 2, 3, … within the stream. */
  readonly version: number;
  /** Home of the stream: the partition its inputs come from. */
  readonly partition: number;
  /** The id of the input: an event, a to-do or a request. */
  readonly cause: string;
  /** Where the input stood, `topic/partition/offset`; null for a to-do or a request. */
  readonly position: string | null;
  /** Of the input, what the service remembers or must know again; null if nothing. */
  readonly heard: Json;
  /** The events it says, as published. */
  readonly says: readonly StoredMessage[];
  /** The to-dos it names. */
  readonly does: readonly StoredToDo[];
  /** The ids of the to-dos it withdraws. */
  readonly withdraws: readonly string[];
  /** The highest version of the stream known to be published when this commit was made. */
  readonly settled: number;
  /** When it was decided, in milliseconds since 1970 UTC. */
  readonly at: number;
  /** The trace context in which it was decided (W3C traceparent). */
  readonly trace?: string | undefined;
}

/** An event as it goes, byte for byte, onto the log, now and at every repetition. */
export interface StoredMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Something to be done to the world, or a moment to be reminded of. */
export interface StoredToDo {
  readonly id: string;
  readonly name: string;
  readonly args: Json;
  /** Not before this moment, in milliseconds since 1970 UTC. */
  readonly dueAt: number;
  /** Tried at least once, and not again after this moment. */
  readonly until?: number | undefined;
  /** The trace context of the decision that named it (W3C traceparent). */
  readonly trace?: string | undefined;
}

/** A to-do on the schedule. */
export interface FiledToDo extends StoredToDo {
  readonly stream: string;
  readonly partition: number;
  /** How often it was tried. */
  readonly tries: number;
}

/** The to-dos that commits name, as they go onto the schedule: not tried yet. */
export const untriedOf = (commits: readonly Commit[]): FiledToDo[] =>
  commits.flatMap(({ stream, partition, does }) =>
    does.map((toDo) => ({ ...toDo, stream, partition, tries: 0 })),
  );

/** An input that waits because a decision of its stream failed. */
export interface ParkedInput {
  readonly stream: string;
  readonly partition: number;
  /** The input's id. */
  readonly id: string;
  /** Order within the stream. */
  readonly sequence: number;
  /** When it was parked, in milliseconds since 1970 UTC; the same at all its tries. */
  readonly at: number;
  /** How often it was tried again. */
  readonly tries: number;
  /** Why it, or the one it waits behind, failed. */
  readonly reason: string;
  /** The input, so that it can be taken up again. */
  readonly input: Json;
}

/** A stream's fold up to a version, made by one version of the service's table. */
export interface Snapshot {
  readonly stream: string;
  readonly version: number;
  /** Version of the table that made it; another table folds again from the start. */
  readonly table: string;
  readonly body: Json;
}

/** An event kept by a read model. */
export interface Fact {
  readonly document: string;
  readonly id: string;
  readonly body: Json;
}

/** The store is away, or what it answered cannot be known. The same call may be tried again. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable';
  override readonly name = 'StoreUnavailable';
}
