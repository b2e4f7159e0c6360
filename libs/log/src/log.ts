/**
 * The log: topics of ordered, immutable records, kept for ever, divided into partitions by key.
 * A port; the adapters are held to one conformance suite.
 */
export interface Log {
  /** Partitions of every topic. The same for all, and never changed in place. */
  readonly partitions: number;

  /**
   * Creates the topics that do not exist and verifies those that do. Rejects if one has another
   * number of partitions, or is compacted where it should not be, or the reverse.
   */
  declare(topics: readonly TopicDeclaration[]): Promise<void>;

  /** The names of all topics there are, sorted. */
  topics(): Promise<string[]>;

  /**
   * Appends records, those of one key in the order given. Resolves when all are durable. A
   * rejection is an unknown outcome: some may be stored, so the caller appends the same bytes again
   * and readers drop what they know. What is pending at one moment travels together.
   */
  append(records: readonly NewRecord[]): Promise<void>;

  /** Joins a group of consumers that share the partitions. */
  consume(options: ConsumeOptions): Consumer;

  /** Reads without a group: every partition, from anywhere, following what is appended. */
  read(options: ReadOptions): Reader;

  /** For each topic the offset that the next record of each partition will have. */
  ends(topics: readonly string[]): Promise<Offsets>;

  /** For each topic the offset from which a group goes on in each partition; 0 where it never was. */
  committed(group: string, topics: readonly string[]): Promise<Offsets>;

  /** Releases what the log holds. Consumers and readers are stopped first by who made them. */
  close(): Promise<void>;
}

export interface TopicDeclaration {
  readonly name: string;
  /** Keeps at least the newest record of each key, and may drop older ones. Default: keeps all. */
  readonly compacted?: boolean;
}

/** By topic, an offset for each partition. */
export type Offsets = Readonly<Record<string, readonly number[]>>;

export interface NewRecord {
  readonly topic: string;
  /** Decides the partition ({@link partitionOf}); records without a key go to partition 0. */
  readonly key: string | null;
  /** Where it goes whatever its key says: back to where it came from. */
  readonly partition?: number;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as read. Adapters may hand the same object to several readers: it is never changed. */
export interface LogRecord extends NewRecord {
  readonly partition: number;
  /** Position within topic and partition; grows, but not always by one. */
  readonly offset: number;
  /** When the log received it, in milliseconds since 1970 UTC. */
  readonly timestamp: number;
}

export interface ConsumeOptions {
  /** A group reads each record at least once; a new group begins with the first record there is. */
  readonly group: string;
  readonly topics: readonly string[];
  /** Records in one batch at most; with it what is in flight per topic and partition. Default 256. */
  readonly window?: number;
  /**
   * Partition n of all topics is now this member's. Awaited before its first batch; when it
   * rejects, it is called again after a while.
   */
  assigned(partition: number): Promise<void> | void;
  /**
   * Partition n of all topics is another member's from now on. What was in flight was awaited
   * before, but not for ever; what is still in flight is not committed any more.
   */
  revoked(partition: number): Promise<void> | void;
  /**
   * Handles records of one topic and partition, in order. One batch of a topic and partition is
   * handled at a time. When it resolves all of them are done and the next batch comes; when it
   * rejects, the batch comes again from the last offset that was committed, after a while.
   */
  handle(batch: Batch): Promise<void>;
  /**
   * Everything before this offset was handled or holds no record for anybody: marks of transactions,
   * what was compacted away. Told where no batch tells it, so that an end of the log can be reached.
   */
  skipped?(place: { topic: string; partition: number; offset: number }): void;
}

export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /**
   * Everything before this offset is done. Only within {@link ConsumeOptions.handle}, and needed
   * only by handlers that have something done long before the rest. Best effort: what was not
   * committed comes again.
   */
  commit(offset: number): void;
}

export interface Consumer {
  /** Resolves when the group has given this member its first partitions. */
  readonly joined: Promise<void>;
  /**
   * Leaves the group: no further batch is begun, those in flight are awaited (at most `drainMs`
   * milliseconds, default 3000), what is done is committed, partitions are revoked.
   */
  stop(options?: { drainMs?: number }): Promise<void>;
}

export interface ReadOptions {
  /** Topics by name, or all there are and all that will be. */
  readonly topics: readonly string[] | 'all';
  /**
   * The first record, the first one appended from now on, or offsets by topic and partition; what
   * has none, and topics declared later, are read from their first record.
   */
  readonly from: 'start' | 'end' | Offsets;
  /**
   * Given records of one topic and partition in order; the next ones come when it has resolved,
   * the same ones again, after a while, when it has rejected.
   */
  onRecords(records: readonly LogRecord[]): Promise<void> | void;
}

export interface Reader {
  /** Resolves when everything that was in the log when reading began has been handed over. */
  readonly caughtUp: Promise<void>;
  /** The offset after the last record handed over, by topic and partition. */
  positions(): Offsets;
  /** Hands over nothing more; resolves when what was being handed over has been taken. */
  stop(): Promise<void>;
}

/** The log is away, or what it answered cannot be known. The same append may be tried again. */
export class LogUnavailable extends Error {
  readonly code = 'log-unavailable';
  override readonly name = 'LogUnavailable';
}

/** The log understood and said no: nothing was done, and the same again is refused again. */
export class LogRefused extends Error {
  readonly code = 'log-refused';
  override readonly name = 'LogRefused';
}
