import { type News, newsSince } from './news.ts';
import type { LogRecord } from '@ensemble/log';
import type { SpanRecord } from '@ensemble/telemetry';
import type {
  AnalyticsView,
  BookingsView,
  ConformanceView,
  InsightsView,
  MapView,
  StoryView,
  StuckView,
  VerdictView,
  WhatIfView,
} from '../views.ts';
import { analyticsOf, type Digest, digestOf } from './analytics.ts';
import { type Booking, isFinal, overdueDuties, type Standing, standingOf } from './booking.ts';
import { causesOf } from './causes.ts';
import { type Declared, declarationSchema } from './declared.ts';
import type { Letters } from './letters.ts';
import { type Filter, listOf } from './list.ts';
import { type Health, mapOf } from './map.ts';
import { memory } from './memory.ts';
import { type Ocel, ocelOf } from './ocel.ts';
import { isProven } from './proof.ts';
import { recordView } from './record-view.ts';
import { defaultRules, type Rule } from './rules.ts';
import { storyOf } from './story.ts';
import { stuckView } from './stuck.ts';
import type { Lags } from './suspect.ts';
import { missingReaction } from './verdicts.ts';
import { whatIf } from './what-if.ts';

/** Settings of what the monitor knows. */
export interface KnowledgeOptions {
  /** Bookings in memory at most; the oldest that are over make room. Default 20,000. */
  readonly limit?: number | undefined;
  /** After so many days without a sign a declared edge is dead. Default 7. */
  readonly quietDays?: number | undefined;
  /** What to look for among many events. */
  readonly rules?: readonly Rule[] | undefined;
  /** Makes pseudonyms of customers; nobody who does not know it can undo them. */
  readonly secret: string;
  /** Partitions of every topic. */
  readonly partitions: number;
}

/** What a story is told of beside what is in memory. */
export interface StoryOptions {
  /** The moment that it shows; default: now. */
  readonly at?: number | undefined;
  /** The booking's records as the ledger has them, each with its hash. */
  readonly records?: readonly { readonly record: LogRecord; readonly hash: string }[] | undefined;
  readonly spans?: readonly SpanRecord[] | undefined;
  /** Whether a named operator asked to see personal data. */
  readonly isPersonalShown?: boolean | undefined;
}

/**
 * What the monitor knows: a fold over the records of all topics and over spans, fed from outside. It
 * reads no clock, asks nobody and says nothing; the same records give the same answers, whatever
 * the order of their partitions. Answers are about the moment of the last {@link Knowledge.tick}.
 */
export interface Knowledge {
  /** Takes in a record of any topic. Known ones change nothing. */
  record(record: LogRecord): void;
  /** Takes in a span. A known one changes nothing. */
  span(span: SpanRecord): void;
  /** What the log says of how far each service is behind. */
  groups(lags: Lags): void;
  /** What the ledger and the collector say of themselves. */
  health(health: Health): void;
  /** The dead letter at a position was looked at and dropped. */
  discarded(position: string): void;
  /** The dead letters that wait for somebody. */
  readonly letters: Pick<Letters, 'find'>;
  /** What each service declares of itself, by its name. */
  declared(): ReadonlyMap<string, Declared>;
  /** How a booking stands, for who has to choose which to forget. */
  standing(bookingId: string): Standing;
  /** Brings time forward: duties become overdue, insights end. */
  tick(now: number): void;
  /** Ends and verdicts that came to be known since this was asked last. */
  news(): News;
  /** Bookings whose older records are to be fed again, from the ledger. */
  wants(): readonly string[];
  /** Facts about sections, and bookings, as they were at a moment: now, or earlier. */
  map(at?: number): MapView;
  stuck(at?: number): StuckView;
  conformance(): ConformanceView;
  /** A booking's story; undefined if it is neither in memory nor among the records given. */
  story(bookingId: string, options?: StoryOptions): StoryView | undefined;
  bookings(filter?: Filter): BookingsView;
  /** It takes long: it stops to let others have their turn. */
  analytics(from: number, to: number): Generator<void, AnalyticsView>;
  insights(): InsightsView;
  /** @throws ZodError if it is no declaration */
  whatIf(declaration: unknown): WhatIfView;
  /** The bookings in memory, for process miners of others. */
  ocel(): Ocel;
}

const verdictsAtMost = 1_000;
const newestFirst = (a: VerdictView, b: VerdictView): number =>
  b.at - a.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
/** So long after its last fact a booking's spans are all there. */
const spansLateMs = 10_000;

/** Knows nothing yet. */
export const knowledge = ({
  limit = 20_000,
  quietDays = 7,
  rules = defaultRules,
  secret,
  partitions,
}: KnowledgeOptions): Knowledge => {
  const known = memory({ limit, quietDays, rules, secret });
  const { tables, edges, held, traffic, letters, insights } = known;
  const digests = new WeakMap<Booking, Digest>();
  const proven = new WeakSet<Booking>();
  let lags: Lags = new Map();
  let health: Health = { behind: 0, spans: { kept: 0, dropped: 0 } };
  let now = 0;
  let newsOf: ReturnType<typeof newsSince> | undefined;

  const digestIn = (booking: Booking): Digest => {
    const { facts, section } = booking;
    const found =
      digests.get(booking) ?? digestOf(booking, causesOf(facts, section, tables.flow()));
    digests.set(booking, found);
    return found;
  };

  const isEqual = (booking: Booking): boolean => {
    const is = proven.has(booking) || isProven(booking.facts, held.createdOf(booking.bookingId));
    if (is) proven.add(booking);
    return is;
  };
  const provenSoFar = (bookings: readonly Booking[]): MapView['totals']['proven'] => {
    const checked = bookings.filter(
      (booking) =>
        held.createdOf(booking.bookingId).size > 0 &&
        isFinal(booking) &&
        booking.last.at < now - spansLateMs,
    );
    const equal = checked.filter(isEqual).length;
    return checked.length === 0 ? null : { equal, checked: checked.length };
  };

  /** The moment that is asked for. How far services are behind is known of the present only. */
  const momentOf = (at: number | undefined): { at: number; past?: number; lags: Lags } =>
    at === undefined || at >= now ? { at: now, lags } : { at, past: at, lags: new Map() };

  const flowVerdicts = (): VerdictView[] => [
    ...tables.verdicts(traffic.types),
    ...edges.dead(tables.flow(), traffic.types, now),
  ];
  const verdictsIn = (booking: Booking): VerdictView[] => [
    ...booking.verdicts,
    ...overdueDuties(booking, now).map((duty) => missingReaction(booking.bookingId, duty)),
  ];

  return {
    record: known.record,
    span: known.span,
    groups: (told) => {
      lags = told;
      known.groups(lags, now);
    },
    health: (told) => {
      health = told;
    },
    discarded: known.drop,
    letters,
    tick: (at) => {
      now = Math.max(now, at);
      known.tick(now);
    },
    declared: () => tables.flow().services,
    standing: (bookingId) => {
      const booking = held.booking(bookingId);
      return booking === undefined ? 'finished' : standingOf(booking, now);
    },
    news: () => {
      newsOf ??= newsSince(now);
      return newsOf(held.bookings(), verdictsIn);
    },
    wants: held.wants,
    map: (when) => {
      const { at, past, lags } = momentOf(when);
      const isNow = past === undefined;
      const bookings = [...held.bookings(past)];
      return mapOf(
        {
          flow: tables.flow(),
          edges,
          seen: traffic.types,
          topics: traffic.topics,
          bookings,
          gone: held.gone(past),
          lags,
          dead: letters.counts(),
          health,
          proven: isNow ? provenSoFar(bookings) : null,
          verdicts: isNow ? flowVerdicts().length : 0,
        },
        at,
      );
    },
    stuck: (when) => {
      const { at, past, lags } = momentOf(when);
      return stuckView(held.bookings(past), lags, at);
    },
    conformance: () => {
      const bookings = [...held.bookings()];
      const verdicts = [...flowVerdicts(), ...bookings.flatMap(verdictsIn)];
      return {
        checked: bookings.length,
        verdicts: verdicts.toSorted(newestFirst).slice(0, verdictsAtMost),
      };
    },
    story: (bookingId, { at: when, records = [], spans = [], isPersonalShown = false } = {}) => {
      const { at, past, lags } = momentOf(when);
      const all = records.map(({ record }) => record);
      const booking = held.booking(bookingId, past) ?? known.reread(bookingId, all, at);
      if (booking === undefined) return undefined;
      const isKnown = (moment: number): boolean => past === undefined || moment <= past;
      return storyOf(booking, tables.flow(), lags, at, {
        spans: spans.filter(({ endMs }) => isKnown(endMs)),
        records: records
          .filter(({ record }) => isKnown(record.timestamp))
          .map(({ record, hash }) => recordView(record, hash, { isPersonalShown })),
      });
    },
    bookings: (filter = {}) => listOf(held.bookings(), filter, now),
    analytics: (from, to) => analyticsOf(held.bookings(), digestIn, traffic.types, { from, to }),
    insights: () => ({ insights: insights.view() }),
    whatIf: (declaration) =>
      whatIf(declarationSchema.parse(declaration), tables.flow(), traffic.types, {
        partitions,
        now,
      }),
    ocel: () => ocelOf(held.bookings()),
  };
};
