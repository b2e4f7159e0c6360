import { attribute, type SpanRecord } from '@ensemble/telemetry';
import type { LogRecord } from '@ensemble/log';
import { type Fact, factOf } from './fact.ts';
import { textOf } from './signs.ts';

/** What is said of an event: by whom, what, and what caused it. */
export interface Created {
  readonly service: string;
  readonly type: string;
  readonly causationId: string;
}

/** The event that a span says was decided in it; undefined if it is not such a span. */
export const createdBy = (
  span: SpanRecord,
): { bookingId: string; eventId: string; created: Created } | undefined => {
  const eventId = textOf(span, attribute.messageId);
  if (span.kind !== 'producer' || eventId === '') return undefined;
  return {
    bookingId: textOf(span, attribute.conversationId),
    eventId,
    created: {
      service: span.service,
      type: textOf(span, attribute.eventType),
      causationId: textOf(span, attribute.causationId),
    },
  };
};

const isSame = (a: Created | undefined, b: Created): boolean =>
  a !== undefined &&
  a.service === b.service &&
  a.type === b.type &&
  a.causationId === b.causationId;

/** Whether the flow rebuilt from spans alone is the one rebuilt from the log. */
export const isProven = (facts: readonly Fact[], created: ReadonlyMap<string, Created>): boolean =>
  facts.length === created.size && facts.every((fact) => isSame(created.get(fact.id), fact));

/** What came of comparing the two: bookings whose flows are equal, and where they are not. */
export interface Proof {
  readonly checked: number;
  readonly equal: number;
  /** Bookings whose flows differ, in words. */
  readonly differences: readonly string[];
}

const pseudonym = (): string => '';

const differenceOf = (
  bookingId: string,
  facts: ReadonlyMap<string, Fact>,
  created: ReadonlyMap<string, Created>,
): string[] => {
  const missing = [...facts.values()].filter((fact) => !isSame(created.get(fact.id), fact));
  const extra = [...created].filter(([id]) => !facts.has(id));
  return [
    ...missing.map(({ type }) => `${bookingId}: the spans do not tell of ${type} as the log does`),
    ...extra.map(([, { type }]) => `${bookingId}: only the spans tell of ${type}`),
  ];
};

/**
 * Compares the flow that spans alone tell with the one that the log tells, booking by booking.
 * Bookings that were not sampled have no span of this kind, and are not checked.
 */
export const proofOf = (records: readonly LogRecord[], spans: readonly SpanRecord[]): Proof => {
  const fromLog = new Map<string, Map<string, Fact>>();
  for (const record of records) {
    const fact = factOf(record, pseudonym);
    if (fact === undefined) continue;
    const facts = fromLog.get(fact.correlationId) ?? new Map<string, Fact>();
    fromLog.set(fact.correlationId, facts.set(fact.id, fact));
  }
  const fromSpans = new Map<string, Map<string, Created>>();
  for (const span of spans) {
    const found = createdBy(span);
    if (found === undefined) continue;
    const created = fromSpans.get(found.bookingId) ?? new Map<string, Created>();
    fromSpans.set(found.bookingId, created.set(found.eventId, found.created));
  }
  const differing = [...fromSpans].flatMap(([bookingId, created]) => {
    const differences = differenceOf(bookingId, fromLog.get(bookingId) ?? new Map(), created);
    return differences.length === 0 ? [] : [differences];
  });
  return {
    checked: fromSpans.size,
    equal: fromSpans.size - differing.length,
    differences: differing.flat(),
  };
};
