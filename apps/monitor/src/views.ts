import type { SpanRecord } from '@ensemble/telemetry';

/**
 * What the monitor's API answers, and its page shows: JSON, moments in milliseconds since 1970 UTC,
 * durations in milliseconds, money in minor units. A booking is named by its id.
 */

/** Money that waits or moved, per currency. */
export interface MoneyView {
  readonly amount: number;
  readonly currency: string;
}

/** Percentiles over the last five minutes; null without a sample. */
export interface Durations {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly count: number;
}

/** `GET /api/map[?at=]`: services and topics, and what flows between them. */
export interface MapView {
  /** The moment it shows. */
  readonly at: number;
  readonly services: readonly ServiceView[];
  readonly topics: readonly TopicView[];
  /** A service says an event, and another hears it. */
  readonly edges: readonly EdgeView[];
  readonly totals: TotalsView;
}
export interface ServiceView {
  readonly name: string;
  /** Version of its table; null if it declared none: an observed stranger. */
  readonly version: number | null;
  /** Records that wait for it, over all topics that it hears. */
  readonly lag: number;
  /** Since when its lag stands and it acknowledges nothing; null while it moves or has no lag. */
  readonly standsSince: number | null;
  readonly parked: number;
  readonly dead: number;
  readonly toDos: readonly {
    readonly name: string;
    readonly kind: 'effect' | 'reminder';
    readonly reaches?: string | undefined;
  }[];
}
export interface TopicView {
  readonly name: string;
  /** Records in all. */
  readonly records: number;
  /** Records a second, over the last minute. */
  readonly rate: number;
}
export interface EdgeView {
  readonly from: string;
  readonly event: string;
  readonly to: string;
  /** `ghost`: declared, never seen; `undeclared`: seen, not declared. */
  readonly state: 'seen' | 'ghost' | 'undeclared';
  readonly count: number;
  readonly rate: number;
  /** From decided to processed; by the answers on the log where no spans tell. */
  readonly duration: Durations;
  /** Of it, from the log's receipt to the beginning of processing. */
  readonly wait: Durations;
}
export interface TotalsView {
  readonly bookings: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly stuck: number;
  /** Money of bookings that are neither final nor paid, by state. */
  readonly waiting: Readonly<Record<string, readonly MoneyView[]>>;
  /** Bookings a minute, over the last minute. */
  readonly rate: number;
  /** Verdicts that stand. */
  readonly verdicts: number;
  /** Bookings whose flow from spans equals that from the log, of those checked; null before any. */
  readonly proven: { readonly equal: number; readonly checked: number } | null;
  readonly spans: { readonly kept: number; readonly dropped: number };
  /** How far the ledger is behind the log, in records. */
  readonly behind: number;
}

/** `GET /api/bookings[?q=&state=&service=&type=&from=&to=&before=]`, newest first, 100 at most. */
export interface BookingsView {
  readonly bookings: readonly BookingRow[];
  /** For the next page: `before`. */
  readonly next: string | null;
}
export interface BookingRow {
  readonly bookingId: string;
  readonly state: string;
  readonly place: string;
  readonly seats: readonly string[];
  readonly total: MoneyView | null;
  readonly startedAt: number;
  /** The newest event. */
  readonly lastAt: number;
  readonly lastEvent: string;
  readonly isFinal: boolean;
  readonly isStuck: boolean;
  readonly verdicts: number;
}

/** `GET /api/bookings/:id[?at=]`. */
export interface StoryView {
  readonly booking: BookingRow;
  /** One sentence: what it waits for, whose it is, until when; null when final. */
  readonly waitsFor: string | null;
  readonly expectations: readonly ExpectationView[];
  readonly steps: readonly StepView[];
  readonly verdicts: readonly VerdictView[];
  readonly traces: readonly {
    readonly traceId: string;
    readonly spans: number;
    readonly links: readonly LinkView[];
  }[];
  /** Where else the whole booking can be looked at. */
  readonly links?: readonly LinkView[];
  readonly spans: readonly SpanView[];
  /** The longest chain of causes, hop by hop. */
  readonly criticalPath: readonly HopView[];
  readonly records: readonly RecordView[];
}
/** A page of another tool. */
export interface LinkView {
  readonly name: string;
  readonly url: string;
}
/** A duty that is open: somebody owes an answer. */
export interface ExpectationView {
  readonly service: string;
  readonly on: string;
  readonly oneOf: readonly string[];
  readonly since: number;
  readonly dueAt: number;
  readonly isOverdue: boolean;
}
/** A thing that happened, in a plain sentence. */
export interface StepView {
  readonly at: number;
  readonly service: string;
  readonly kind: 'said' | 'heard' | 'did' | 'failed' | 'waits' | 'dead' | 'parked';
  readonly sentence: string;
  readonly event?: string | undefined;
  readonly eventId?: string | undefined;
  readonly causedBy?: string | undefined;
  readonly traceId?: string | undefined;
  /** Of an event: decided to received by the log, received to begun, begun to done; where known. */
  readonly publishMs?: number | undefined;
  readonly waitMs?: number | undefined;
  readonly workMs?: number | undefined;
}
export interface SpanView {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly service: string;
  readonly name: string;
  readonly kind: SpanRecord['kind'];
  readonly startMs: number;
  readonly endMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}
export interface HopView {
  readonly event: string;
  readonly eventId: string;
  readonly from: string;
  readonly to: string;
  readonly publishMs: number;
  readonly waitMs: number;
  readonly workMs: number;
}
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

/** `GET /api/stuck`: what is overdue, grouped by step and suspect. */
export interface StuckView {
  readonly at: number;
  readonly groups: readonly StuckGroup[];
}
export interface StuckGroup {
  /** The service that owes the answer. */
  readonly owner: string;
  /** The event that it owes an answer to. */
  readonly on: string;
  readonly oneOf: readonly string[];
  readonly suspect: Suspect;
  /** Why this is suspected, in a sentence. */
  readonly evidence: string;
  readonly bookings: readonly {
    readonly bookingId: string;
    readonly since: number;
    readonly overdueSince: number;
    readonly total: MoneyView | null;
  }[];
  readonly money: readonly MoneyView[];
}
export type Suspect =
  | 'consumer gone'
  | 'lag'
  | 'parked'
  | 'dead letter'
  | 'reminder not fired'
  | 'provider down'
  | 'unknown';

/** `GET /api/conformance`: verdicts that stand, newest first. */
export interface ConformanceView {
  readonly checked: number;
  readonly verdicts: readonly VerdictView[];
}
export type VerdictKind =
  | 'undeclared edge'
  | 'missing reaction'
  | 'late'
  | 'exclusive branches'
  | 'duplicate effect'
  | 'orphan publish'
  | 'dead edge'
  | 'version drift';
export interface VerdictView {
  readonly kind: VerdictKind;
  readonly sentence: string;
  readonly at: number;
  readonly bookingId?: string | undefined;
  readonly service?: string | undefined;
  readonly event?: string | undefined;
}

/** `GET /api/analytics[?from=&to=]`. */
export interface AnalyticsView {
  readonly from: number;
  readonly to: number;
  readonly steps: readonly {
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
  }[];
  readonly outcomes: readonly {
    readonly state: string;
    readonly count: number;
    readonly p50: number;
    readonly p99: number;
  }[];
  /** Which events a booking went through, in order of cause. */
  readonly variants: readonly {
    readonly path: readonly string[];
    readonly count: number;
    readonly example: string;
    readonly p50: number;
  }[];
  /** Hops on critical paths: how often, and their share of the time. */
  readonly critical: readonly {
    readonly from: string;
    readonly event: string;
    readonly to: string;
    readonly count: number;
    readonly share: number;
  }[];
  /** Per minute. */
  readonly rates: readonly {
    readonly at: number;
    readonly started: number;
    readonly ended: number;
    readonly failed: number;
  }[];
}

/** `GET /api/insights`: what complex rules found, open ones first. */
export interface InsightsView {
  readonly insights: readonly InsightView[];
}
export interface InsightView {
  readonly rule: string;
  readonly sentence: string;
  readonly since: number;
  readonly endedAt: number | null;
  /** The bookings that are its evidence. */
  readonly bookings: readonly string[];
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

/** `POST /api/what-if` with a subscriber's table: what would be, if it were started. */
export interface WhatIfView {
  readonly service: string;
  /** Data that the events it hears bring. */
  readonly available: readonly {
    readonly event: string;
    readonly from: string;
    readonly fields: readonly string[];
    readonly personal: readonly string[];
  }[];
  /** Events that it wants and nobody says. */
  readonly missing: readonly string[];
  /** Cycles of services that were not there before. */
  readonly cycles: readonly (readonly string[])[];
  /** Records a second at the present rate, and in all from the beginning. */
  readonly load: { readonly rate: number; readonly history: number };
  readonly partitions: number;
  readonly warnings: readonly string[];
}

/** `GET /api/records[?booking=&type=&service=&trace=&topic=&from=&until=&after=]`: the ledger. */
export interface RecordsView {
  readonly records: readonly RecordView[];
  /** For the next page: `after`. */
  readonly next: string | null;
}

/** `GET /api/live`: server-sent events, once a second, each a whole one of these. */
export interface LiveView {
  readonly map: MapView;
  readonly stuck: StuckView;
  readonly insights: number;
  readonly dead: number;
}
