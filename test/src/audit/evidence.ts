/**
 * What a system at rest has left behind, raw: as its log, its databases, its provider and its mails
 * hold it. The auditor has its own idea of all of it and imports nothing that the system runs on.
 */
export interface Evidence {
  /** Everything on every topic. */
  readonly records: readonly RawRecord[];
  /** What the provider holds. */
  readonly charges: readonly RawCharge[];
  /** Requests that were answered with 202, as often as they were. */
  readonly accepted?: readonly Accepted[] | undefined;
  /** What the services keep. Left out, nothing of it is checked. */
  readonly kept?: Kept | undefined;
  /** Left out, mails are not checked. */
  readonly mails?: readonly RawMail[] | undefined;
  /** Records were put onto the log past the services: then there may be such, and dead letters. */
  readonly hostile?: boolean | undefined;
}

/** What is in the databases of the services. */
export interface Kept {
  readonly commits: readonly RawCommit[];
  /** Inputs that wait because a decision failed, by service. */
  readonly parked: Readonly<Record<string, number>>;
  /** What read models hold. */
  readonly facts: readonly RawFact[];
}

export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The log's own clock, in milliseconds since 1970 UTC. */
  readonly timestamp: number;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array | null;
}

export interface RawCommit {
  readonly service: string;
  readonly stream: string;
  readonly version: number;
  readonly cause: string;
  readonly body: {
    /** Where the input stood, `topic/partition/offset`. */
    readonly position: string | null;
    readonly says: readonly {
      readonly topic: string;
      readonly key: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly value: string;
    }[];
    readonly does: readonly { readonly id: string; readonly name: string }[];
    readonly withdraws: readonly string[];
    readonly settled: number;
  };
}

export interface RawFact {
  readonly set: string;
  readonly document: string;
  readonly id: string;
}

/** Money that was captured, in minor units. */
export interface RawCharge {
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly metadata: { readonly bookingId?: string };
}

export interface RawMail {
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, Buffer>>;
}

/** A 202: to which key, and the booking that it named. */
export interface Accepted {
  readonly key: string;
  readonly bookingId: string;
}

/** What came of one check. */
export interface Finding {
  /** What was looked at, such as "events". */
  readonly what: string;
  /** How many of them. */
  readonly count: number;
  /** What is wrong, in words. */
  readonly violations: readonly string[];
}
