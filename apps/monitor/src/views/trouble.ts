import type { MoneyView } from './map.ts';

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
