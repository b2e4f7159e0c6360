import { attribute, type SpanRecord } from '@ensemble/telemetry';
import type { HopView, RecordView, StepView, StoryView } from '../views.ts';
import { type Booking, openDuties, overdueDuties, rowOf } from './booking.ts';
import { type Cause, causesOf } from './causes.ts';
import type { DeclaredFlow } from './declared.ts';
import { type Fact, traceIdOf } from './fact.ts';
import { criticalPathOf } from './path.ts';
import { sentenceOf } from './sentences.ts';
import { textOf } from './signs.ts';
import type { Lags } from './suspect.ts';
import { missingReaction } from './verdicts.ts';
import { expectationOf, waitsFor } from './waiting.ts';
import { clockTime, duration } from './words.ts';

/** What a story is told of, beside the booking; nothing that came later than what it tells of. */
export interface Told {
  /** Its spans, in any order. */
  readonly spans: readonly SpanRecord[];
  /** Its records, as views show them. */
  readonly records: readonly RecordView[];
}

const said = (fact: Fact, cause: Cause | undefined): StepView => ({
  at: fact.at,
  service: fact.service,
  kind: 'said',
  sentence: sentenceOf(fact),
  event: fact.type,
  eventId: fact.id,
  causedBy: cause?.fact?.id,
  traceId: traceIdOf(fact),
  publishMs: Math.max(0, fact.at - fact.time),
});

const waited = (span: SpanRecord): number => Number(span.attributes[attribute.brokerWait] ?? 0);

/** What a service did with an event, by the span of it. */
const heard = (span: SpanRecord): StepView => {
  const { service, endMs, startMs, traceId } = span;
  const event = textOf(span, attribute.eventType);
  const outcome = textOf(span, attribute.outcome);
  const reason = textOf(span, attribute.reason);
  const because = reason === '' ? '' : `: ${reason}`;
  const step = {
    at: endMs,
    service,
    event,
    eventId: textOf(span, attribute.messageId),
    traceId,
    waitMs: waited(span),
    workMs: endMs - startMs,
  };
  if (outcome === 'parked') {
    return { ...step, kind: 'parked', sentence: `${service} put ${event} aside${because}.` };
  }
  if (outcome === 'dead') {
    return { ...step, kind: 'dead', sentence: `${service} gave ${event} up${because}.` };
  }
  const times = `${duration(step.waitMs)} in the broker, ${duration(step.workMs)} of work`;
  const how = outcome === 'decided' || outcome === '' ? '' : ` (${outcome})`;
  return { ...step, kind: 'heard', sentence: `${service} heard ${event}${how}: ${times}.` };
};

/** What a service tried to do to the world, by the span of it. */
const did = (span: SpanRecord): StepView => {
  const { service, endMs, startMs, traceId } = span;
  const toDo = textOf(span, attribute.toDoName);
  const peer = textOf(span, attribute.peer);
  const attempt = Number(span.attributes[attribute.attempt] ?? 1);
  const step = { at: endMs, service, traceId, workMs: endMs - startMs };
  const late = span.attributes[attribute.lateness];
  if (late !== undefined) {
    const lateness = duration(Number(late));
    const sentence = `${service} was reminded of "${toDo}", ${lateness} late.`;
    return { ...step, kind: 'did', sentence };
  }
  const failed = textOf(span, attribute.outcome) === 'failed' || span.status === 'error';
  const where = peer === '' ? '' : ` at the ${peer}`;
  const nth = attempt > 1 ? ` (try ${attempt})` : '';
  const what = `${service} ${failed ? 'could not do' : 'did'} "${toDo}"${where}${nth}`;
  const reason = textOf(span, attribute.reason) || textOf(span, attribute.errorType);
  return failed
    ? { ...step, kind: 'failed', sentence: `${what}: ${reason || 'no reason given'}.` }
    : { ...step, kind: 'did', sentence: `${what} in ${duration(step.workMs)}.` };
};

const stepsOf = (
  booking: Booking,
  causes: ReadonlyMap<Fact, Cause>,
  spans: readonly SpanRecord[],
  now: number,
): StepView[] => {
  const steps = [
    ...booking.facts.map((fact) => said(fact, causes.get(fact))),
    ...spans.filter(({ kind }) => kind === 'consumer').map(heard),
    ...spans.filter((span) => textOf(span, attribute.toDoName) !== '').map(did),
    ...booking.dead.map(({ at, service, type, reason, eventId }): StepView => ({
      at,
      service,
      kind: 'dead',
      sentence: `${service} put ${type ?? 'a record'} to its dead letters: ${reason}.`,
      ...(type === null ? {} : { event: type }),
      ...(eventId === null ? {} : { eventId }),
    })),
  ];
  // A moment that is to come: somebody is reminded of it.
  const reminders = openDuties(booking).flatMap(({ owner, on, promise, dueAt }): StepView[] => {
    const at = dueAt - promise.withinMs;
    if (promise.after === undefined || at <= now) return [];
    const sentence = `${owner} will be reminded of ${on.type} at ${clockTime(at)}, in ${duration(at - now)}.`;
    return [{ at, service: owner, kind: 'waits', sentence }];
  });
  return [...steps, ...reminders].toSorted((a, b) => a.at - b.at);
};

const tracesOf = (booking: Booking, spans: readonly SpanRecord[]): StoryView['traces'] => {
  const ids = new Set([
    ...booking.facts.flatMap((fact) => traceIdOf(fact) ?? []),
    ...spans.map(({ traceId }) => traceId),
  ]);
  return [...ids].map((traceId) => ({
    traceId,
    spans: spans.filter((span) => span.traceId === traceId).length,
    links: [],
  }));
};

/** The whole of a booking, as it was at a moment. */
export const storyOf = (
  booking: Booking,
  flow: DeclaredFlow,
  lags: Lags,
  now: number,
  { spans, records }: Told,
): StoryView => {
  const causes = causesOf(booking.facts, booking.section, flow);
  const hops: readonly HopView[] = criticalPathOf(booking.facts, causes, spans);
  const { bookingId, verdicts } = booking;
  return {
    booking: rowOf(booking, now),
    waitsFor: waitsFor(booking, lags, now),
    expectations: openDuties(booking).map((duty) => expectationOf(duty, now)),
    steps: stepsOf(booking, causes, spans, now),
    verdicts: [
      ...verdicts,
      ...overdueDuties(booking, now).map((duty) => missingReaction(bookingId, duty)),
    ],
    traces: tracesOf(booking, spans),
    spans: spans.map((span) => ({ ...span, attributes: span.attributes, links: span.links })),
    criticalPath: hops,
    records,
  };
};
