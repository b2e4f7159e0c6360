import { createHmac } from 'node:crypto';
import { flowTopic } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { attribute, type SpanRecord } from '@ensemble/telemetry';
import type {
  AnalyticsView,
  BookingsView,
  ConformanceView,
  InsightsView,
  MapView,
  RecordView,
  StoryView,
  StuckView,
  VerdictView,
  WhatIfView,
} from '../views.ts';
import { analyticsOf } from './analytics.ts';
import { type Booking, bookingOf, isFinal, lastOf, overdueDuties } from './booking.ts';
import { type Cause, causesOf } from './causes.ts';
import { type Counter, counter } from './counter.ts';
import { declarationSchema } from './declared.ts';
import { edges as makeEdges, type Seen } from './edges.ts';
import { type Fact, factOf } from './fact.ts';
import { holding } from './held.ts';
import { insights as makeInsights } from './insights.ts';
import { deadFactOf, revivedBy } from './letters.ts';
import { type Filter, listOf } from './list.ts';
import { type Health, mapOf } from './map.ts';
import { createdBy, isProven } from './proof.ts';
import { recentIds } from './recent-ids.ts';
import { recordView } from './record-view.ts';
import { defaultRules, type Rule } from './rules.ts';
import { textOf, toldBy } from './signs.ts';
import { storyOf } from './story.ts';
import { stuckView } from './stuck.ts';
import type { Lags } from './suspect.ts';
import { tables as makeTables } from './tables.ts';
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
  /** Where else a trace can be looked at. */
  readonly links?: (traceId: string) => readonly { readonly name: string; readonly url: string }[];
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
  /** How a booking stands, for who has to choose which to forget. */
  standing(bookingId: string): 'finished' | 'open' | 'troubled';
  /** Brings time forward: duties become overdue, insights end. */
  tick(now: number): void;
  /** Bookings whose older records are to be fed again, from the ledger. */
  wants(): readonly string[];
  /** Facts about sections, and bookings, as they were at a moment: now, or earlier. */
  map(at?: number): MapView;
  stuck(at?: number): StuckView;
  conformance(): ConformanceView;
  /** A booking's story; undefined if it is neither in memory nor among the records given. */
  story(bookingId: string, options?: StoryOptions): StoryView | undefined;
  bookings(filter?: Filter): BookingsView;
  analytics(from: number, to: number): AnalyticsView;
  insights(): InsightsView;
  /** @throws ZodError if it is no declaration */
  whatIf(declaration: unknown): WhatIfView;
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
  links = () => [],
}: KnowledgeOptions): Knowledge => {
  const disguise = (text: string): string =>
    createHmac('sha256', secret).update(text).digest('hex').slice(0, 16);
  const tables = makeTables();
  const edges = makeEdges({ quietDays });
  const insights = makeInsights(rules);
  const held = holding({ limit });
  const seen = new Map<string, Seen>();
  const topics = new Map<string, Counter>();
  /** By topic and partition, the offset of the newest record. */
  const newest = new Map<string, number>();
  const spansMet = recentIds(100_000);
  /** Dead letters by position, each with its service, and positions that are none any more. */
  const letters = new Map<string, string>();
  const revived = new Set<string>();
  const causes = new WeakMap<Booking, ReadonlyMap<Fact, Cause>>();
  const proven = new WeakSet<Booking>();
  let lags: Lags = new Map();
  let health: Health = { behind: 0, spans: { kept: 0, dropped: 0 } };
  let now = 0;
  held.declared(tables.flow());

  const counterOf = (topic: string): Counter => {
    const known = topics.get(topic) ?? counter();
    topics.set(topic, known);
    return known;
  };

  const see = ({ type, at }: Fact): void => {
    const known = seen.get(type) ?? { counter: counter(), first: at, last: at };
    seen.set(type, known);
    known.counter.add(at);
    known.first = Math.min(known.first, at);
    known.last = Math.max(known.last, at);
  };

  /** Rules know of a booking's events once it is known whose it is. */
  const consider = (fact: Fact): void => {
    const { bookingId } = fact;
    if (bookingId === null) return insights.record(fact, null);
    const facts = held.factsOf(bookingId);
    const customer = facts.find((each) => each.customer !== null)?.customer;
    if (customer === undefined || customer === null) return;
    for (const each of fact.customer === null ? [fact] : facts) insights.record(each, customer);
  };

  const revive = (position: string): void => {
    revived.add(position);
    letters.delete(position);
    held.revive(position);
  };

  const causesIn = (booking: Booking): ReadonlyMap<Fact, Cause> => {
    const known = causes.get(booking) ?? causesOf(booking.facts, booking.section, tables.flow());
    causes.set(booking, known);
    return known;
  };

  const provenSoFar = (bookings: readonly Booking[]): MapView['totals']['proven'] => {
    const checked = bookings.filter(
      (booking) =>
        held.createdOf(booking.bookingId).size > 0 &&
        isFinal(booking) &&
        (lastOf(booking)?.at ?? now) < now - spansLateMs,
    );
    const equal = checked.filter((booking) => {
      const is = proven.has(booking) || isProven(booking.facts, held.createdOf(booking.bookingId));
      if (is) proven.add(booking);
      return is;
    });
    return checked.length === 0 ? null : { equal: equal.length, checked: checked.length };
  };

  /** The moment that is asked for; of the present everything is at hand. */
  const momentOf = (at: number | undefined): { at: number; past: number | undefined } =>
    at === undefined || at >= now ? { at: now, past: undefined } : { at, past: at };

  const flowVerdicts = (): VerdictView[] => [
    ...tables.verdicts(seen),
    ...edges.dead(tables.flow(), seen, now),
  ];
  const verdictsIn = (booking: Booking): VerdictView[] => [
    ...booking.verdicts,
    ...overdueDuties(booking, now).map((duty) => missingReaction(booking.bookingId, duty)),
  ];

  /** A booking that is not in memory, from its records. */
  const reread = (bookingId: string, records: readonly LogRecord[], at: number) => {
    const facts = new Map<string, Fact>();
    for (const record of records) {
      const fact = factOf(record, disguise);
      if (fact?.bookingId === bookingId && !facts.has(fact.id)) facts.set(fact.id, fact);
    }
    const [first] = facts.values();
    return bookingOf(
      {
        bookingId,
        facts: facts.values(),
        section: held.section(first?.key ?? ''),
        dead: records.flatMap((record) => {
          const letter = deadFactOf(record);
          return letter === undefined || revived.has(letter.position) ? [] : letter;
        }),
        signs: [],
      },
      tables.flow(),
      at,
    );
  };

  return {
    record: (record) => {
      const { topic, partition, offset, timestamp } = record;
      const place = `${topic}/${partition}`;
      const isNew = offset > (newest.get(place) ?? -1);
      if (isNew) {
        newest.set(place, offset);
        counterOf(topic).add(timestamp);
      }
      if (topic === flowTopic) {
        if (tables.record(record)) held.declared(tables.flow());
        return;
      }
      const position = revivedBy(record);
      if (position !== undefined) revive(position);
      const letter = deadFactOf(record);
      if (letter !== undefined && !revived.has(letter.position)) {
        letters.set(letter.position, letter.service);
        held.dead(letter);
      }
      const fact = factOf(record, disguise);
      if (fact === undefined || !held.fact(fact) || !isNew) return;
      see(fact);
      consider(fact);
    },
    span: (span) => {
      if (!spansMet.meet(`${span.traceId} ${span.spanId}`)) return;
      const found = createdBy(span);
      if (found !== undefined) held.created(found.bookingId, found.eventId, found.created);
      const told = toldBy(span);
      if (told !== undefined) held.told(told);
      const type = textOf(span, attribute.eventType);
      if (span.kind !== 'consumer' || type === '') return;
      const { service, startMs, endMs } = span;
      const wait = Number(span.attributes[attribute.brokerWait] ?? 0);
      edges.worked(type, service, endMs, wait + endMs - startMs, wait);
    },
    groups: (told) => {
      lags = told;
      const { promises, edges: declared } = tables.flow();
      for (const { event, to } of declared) {
        // Who owes an answer shows by it that it hears; who only remembers, by keeping up.
        const owes = promises.some(({ on, owner }) => on === event && owner === to);
        if (!owes && lags.get(to)?.standsSince === null) edges.heard(event, to, now);
      }
    },
    health: (told) => {
      health = told;
    },
    discarded: revive,
    tick: (at) => {
      now = Math.max(now, at);
      for (const { owed } of held.fresh()) {
        for (const { on, owner, answer } of owed.duties) {
          if (answer !== undefined) edges.heard(on.type, owner, answer.at);
        }
      }
      insights.tick(now);
      held.trim(now);
    },
    standing: (bookingId) => {
      const booking = held.booking(bookingId);
      if (booking === undefined) return 'finished';
      const { verdicts, dead } = booking;
      const isTroubled =
        verdicts.length > 0 || dead.length > 0 || overdueDuties(booking, now).length > 0;
      return isTroubled ? 'troubled' : isFinal(booking) ? 'finished' : 'open';
    },
    wants: () => held.wants(),
    map: (when) => {
      const { at, past } = momentOf(when);
      const bookings = [...held.bookings(past)];
      const dead = new Map<string, number>();
      for (const service of letters.values()) dead.set(service, (dead.get(service) ?? 0) + 1);
      return mapOf(
        {
          flow: tables.flow(),
          edges,
          seen,
          topics,
          bookings,
          gone: past === undefined ? held.gone : new Map(),
          lags: past === undefined ? lags : new Map(),
          dead,
          health,
          proven: past === undefined ? provenSoFar(bookings) : null,
          verdicts: past === undefined ? flowVerdicts().length : 0,
        },
        at,
      );
    },
    stuck: (when) => {
      const { at, past } = momentOf(when);
      return stuckView(held.bookings(past), past === undefined ? lags : new Map(), at);
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
      const { at, past } = momentOf(when);
      const booking =
        held.booking(bookingId, past) ??
        reread(
          bookingId,
          records.map(({ record }) => record),
          at,
        );
      if (booking === undefined) return undefined;
      const views: RecordView[] = records.map(({ record, hash }) =>
        recordView(record, hash, { isPersonalShown }),
      );
      const known = past === undefined ? lags : new Map();
      return storyOf(booking, tables.flow(), known, at, { spans, records: views, links });
    },
    bookings: (filter = {}) => listOf(held.bookings(), filter, now),
    analytics: (from, to) => analyticsOf(held.bookings(), causesIn, seen, { from, to }),
    insights: () => ({ insights: insights.view() }),
    whatIf: (declaration) =>
      whatIf(declarationSchema.parse(declaration), tables.flow(), seen, { partitions, now }),
  };
};
