export interface RecordView {
  /** `topic/partition/offset`. */
  readonly position: string;
  readonly at: number;
  readonly type: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, with personal data blotted out unless asked for by a named operator. */
  readonly body: string | null;
  readonly hash: string;
}

/**
 * `GET /api/dead[?service=&q=&before=]`: the dead letters that were neither redriven nor discarded,
 * newest first, 100 at most.
 */
export interface DeadView {
  readonly letters: readonly DeadLetterView[];
  /** How many there are on all pages. */
  readonly count: number;
  /** For the next page: `before`. */
  readonly next: string | null;
}

export interface DeadLetterView {
  /** `topic/partition/offset` of the dead letter. */
  readonly id: string;
  readonly service: string;
  readonly at: number;
  readonly reason: string;
  readonly origin: string;
  readonly type: string | null;
  readonly bookingId: string | null;
  readonly record: RecordView;
  /** How it differs from what the contract expects: a JSON pointer, and what was expected and found. */
  readonly differences: readonly {
    readonly at: string;
    readonly expected: string;
    readonly found: string;
  }[];
}

/**
 * `POST /api/dead/redrive` and `POST /api/dead/discard`, with an operator's token as
 * `Authorization: Bearer`: what is to be done with these letters, and why.
 */
export interface DeadCommand {
  readonly ids: readonly string[];
  readonly why: string;
}

/** What became of each letter of a command. */
export interface DeadCommandView {
  readonly done: readonly string[];
  readonly failed: readonly { readonly id: string; readonly why: string }[];
}

/** `GET /api/audit[?before=]`: who changed what and why, newest first, 1,000 at most. */
export interface AuditView {
  /** For the next page: `before`. */
  readonly next: string | null;
  readonly entries: readonly {
    readonly at: number;
    readonly who: string;
    readonly what: string;
    readonly about: string;
    readonly why: string;
  }[];
}

/**
 * `POST /api/replay`, with an operator's token: gives one service events once more, or with
 * `isRehearsal` tells what it would make of them. At least a booking, a type or `from` is named.
 */
export interface ReplayCommand {
  readonly service: string;
  readonly booking?: string | undefined;
  readonly type?: string | undefined;
  /** The log's time, in milliseconds since 1970 UTC: from one moment until before another. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly why: string;
  readonly isRehearsal?: boolean | undefined;
}

/** What was given back. */
export interface ReplayView {
  readonly service: string;
  readonly count: number;
  /** Whether there were more than are given back at one time. */
  readonly isCut: boolean;
}

/** What a service would say and do if it heard these events and nothing else; nothing was done. */
export interface RehearsalView {
  readonly service: string;
  /** Events that it decided on, that it does not hear, and that it had decided on before. */
  readonly heard: number;
  readonly ignored: number;
  readonly repeated: number;
  readonly lines: readonly {
    /** `topic/partition/offset` of the event. */
    readonly position: string;
    readonly type: string;
    readonly says: readonly {
      readonly id: string;
      readonly type: string;
      readonly body: string;
      /** Whether this very event is on the log: it was said then, too. */
      readonly isOnLog: boolean;
    }[];
    readonly does: readonly {
      readonly name: string;
      readonly dueAt: number;
      readonly args: string;
    }[];
    /** Why it cannot be decided on; null if it can. */
    readonly trouble: string | null;
  }[];
}

/** `GET /api/records[?booking=&type=&service=&trace=&topic=&from=&until=&after=]`: the ledger. */
export interface RecordsView {
  readonly records: readonly RecordView[];
  /** For the next page: `after`. */
  readonly next: string | null;
}
