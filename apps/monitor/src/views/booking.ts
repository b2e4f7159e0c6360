import type { SpanRecord } from '@ensemble/telemetry';
import type { RecordView } from './ledger.ts';
import type { MoneyView } from './map.ts';
import type { VerdictView } from './trouble.ts';

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
