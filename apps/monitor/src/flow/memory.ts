import { createHmac } from 'node:crypto';
import { flowTopic } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { attribute, type SpanRecord } from '@ensemble/telemetry';
import { type Booking, bookingOf } from './booking.ts';
import { type Edges, edges as makeEdges } from './edges.ts';
import { type Disguise, type Fact, factOf, isBookingId } from './fact.ts';
import { type Holding, holding } from './held.ts';
import { type Insights, insights as makeInsights } from './insights.ts';
import { deadFactOf, type Letters, letters as makeLetters, revivedBy } from './letters.ts';
import { createdBy } from './proof.ts';
import { recentIds } from './recent-ids.ts';
import type { Rule } from './rules.ts';
import { textOf, toldBy } from './signs.ts';
import type { Lags } from './suspect.ts';
import { type Tables, tables as makeTables } from './tables.ts';
import { type Traffic, traffic as makeTraffic } from './traffic.ts';

/** All that the monitor remembers, and how it comes to that. */
export interface Memory {
  readonly tables: Tables;
  readonly edges: Edges;
  readonly held: Holding;
  readonly traffic: Traffic;
  readonly letters: Letters;
  readonly insights: Insights;
  record(record: LogRecord): void;
  span(span: SpanRecord): void;
  groups(lags: Lags, now: number): void;
  /** The dead letter at a position is none any more. */
  drop(position: string): void;
  tick(now: number): void;
  /** A booking that is not held, from its records, as it was at a moment. */
  reread(bookingId: string, records: readonly LogRecord[], at: number): Booking | undefined;
}

/** So many spans are known by name, so that each counts once. */
const spansKnown = 100_000;

/** A pseudonym of 16 hex digits, the same for the same text and secret. */
const disguiseBy =
  (secret: string): Disguise =>
  (text) =>
    createHmac('sha256', secret).update(text).digest('hex').slice(0, 16);

export const memory = ({
  limit,
  quietDays,
  rules,
  secret,
}: {
  limit: number;
  quietDays: number;
  rules: readonly Rule[];
  secret: string;
}): Memory => {
  const disguise = disguiseBy(secret);
  const tables = makeTables();
  const edges = makeEdges({ quietDays });
  const held = holding({ limit });
  const traffic = makeTraffic();
  const letters = makeLetters();
  const insights = makeInsights(rules);
  const spansMet = recentIds(spansKnown);
  held.declared(tables.flow());

  /** Rules know of a booking's events once it is known whose it is. */
  const consider = (fact: Fact): void => {
    const { bookingId } = fact;
    if (bookingId === null) return insights.record(fact, null);
    const facts = held.factsOf(bookingId);
    const customer = facts.find((each) => each.customer !== null)?.customer;
    if (customer === undefined || customer === null) return;
    for (const each of fact.customer === null ? [fact] : facts) insights.record(each, customer);
  };

  const drop = (position: string): void => {
    letters.drop(position);
    held.revive(position);
  };

  return {
    tables,
    edges,
    held,
    traffic,
    letters,
    insights,
    drop,
    record: (record) => {
      const isNew = traffic.record(record);
      if (record.topic === flowTopic) {
        if (tables.record(record)) held.declared(tables.flow());
        return;
      }
      const position = revivedBy(record);
      if (position !== undefined) drop(position);
      const letter = deadFactOf(record);
      if (letter !== undefined && letters.add(letter)) held.dead(letter);
      const fact = factOf(record, disguise);
      if (fact === undefined || !held.fact(fact) || !isNew) return;
      traffic.fact(fact);
      consider(fact);
    },
    span: (span) => {
      if (!spansMet.meet(`${span.traceId} ${span.spanId}`)) return;
      const found = createdBy(span);
      if (found !== undefined && isBookingId(found.bookingId)) {
        held.created(found.bookingId, found.eventId, found.created);
      }
      const told = toldBy(span);
      if (told !== undefined) held.told(told);
      const type = textOf(span, attribute.eventType);
      if (span.kind !== 'consumer' || type === '') return;
      const { service, startMs, endMs } = span;
      // Anybody may send spans, of as many services and types as he likes.
      if (tables.flow().hearers.get(type)?.includes(service) !== true) return;
      const wait = Number(span.attributes[attribute.brokerWait] ?? 0);
      edges.worked(type, service, endMs, wait + endMs - startMs, wait);
    },
    groups: (lags, now) => {
      const { promises, edges: declared } = tables.flow();
      for (const { event, to } of declared) {
        // Who owes an answer shows by it that it hears; who only remembers, by keeping up.
        const owes = promises.some(({ on, owner }) => on === event && owner === to);
        if (!owes && lags.get(to)?.standsSince === null) edges.heard(event, to, now);
      }
    },
    tick: (now) => {
      for (const { owed } of held.fresh()) {
        for (const { on, promise, answer } of owed.duties) {
          // Who is to be reminded takes the time that he was given.
          if (answer !== undefined && promise.after === undefined) edges.answered(on, answer);
          else if (answer !== undefined) edges.heard(on.type, promise.owner, answer.at);
        }
      }
      insights.tick(now);
      held.trim(now);
    },
    reread: (bookingId, records, at) => {
      const facts = records.flatMap((record) => factOf(record, disguise) ?? []);
      const own = facts.filter((fact) => fact.bookingId === bookingId);
      const known = {
        bookingId,
        // Of copies the first one on the log counts.
        facts: new Map(own.toReversed().map((fact) => [fact.id, fact])).values(),
        section: held.section(own[0]?.key ?? ''),
        dead: records
          .flatMap((record) => deadFactOf(record) ?? [])
          .filter(({ position }) => !letters.isDropped(position)),
        signs: [],
      };
      return bookingOf(known, tables.flow(), at);
    },
  };
};
