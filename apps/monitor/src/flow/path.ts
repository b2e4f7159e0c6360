import { attribute, type SpanRecord } from '@ensemble/telemetry';
import type { HopView } from '../views.ts';
import type { Cause } from './causes.ts';
import type { Fact } from './fact.ts';
import { textOf } from './signs.ts';

/** The span in which a service worked on an event, by both. */
const workOn = (spans: readonly SpanRecord[]): ReadonlyMap<string, SpanRecord> =>
  new Map(
    spans.flatMap((span) =>
      span.kind === 'consumer'
        ? [[`${span.service} ${textOf(span, attribute.messageId)}`, span] as const]
        : [],
    ),
  );

/** From a fact to what came of it: on its way to the log, waiting there, and worked on. */
const hopOf = (from: Fact, to: Fact, span: SpanRecord | undefined): HopView => {
  const publishMs = Math.max(0, from.at - from.time);
  const between = Math.max(0, to.time - from.at);
  // Without a span nobody can tell waiting from working.
  const known = Number(span?.attributes[attribute.brokerWait] ?? 0);
  const waitMs = Math.min(known, between);
  const { type: event, id: eventId, service } = from;
  return {
    event,
    eventId,
    from: service,
    to: to.service,
    publishMs,
    waitMs,
    workMs: between - waitMs,
  };
};

/**
 * The chain of causes that the end waited for: from the last fact back to the first one, hop by hop.
 * What ran beside it kept nobody waiting.
 */
export const criticalPathOf = (
  facts: readonly Fact[],
  causes: ReadonlyMap<Fact, Cause>,
  spans: readonly SpanRecord[],
): HopView[] => {
  const works = workOn(spans);
  const hops: HopView[] = [];
  const seen = new Set<Fact>();
  let to = facts.toSorted((a, b) => a.at - b.at).at(-1);
  while (to !== undefined && !seen.has(to)) {
    seen.add(to);
    const from = causes.get(to)?.fact;
    if (from === undefined || from.bookingId === null) break;
    hops.unshift(hopOf(from, to, works.get(`${to.service} ${from.id}`)));
    to = from;
  }
  return hops;
};
