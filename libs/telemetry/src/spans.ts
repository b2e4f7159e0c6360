import { randomBytes } from 'node:crypto';
import { type Described, describing } from './describe.ts';
import type { Sampling } from './sampling.ts';
import type { SpanRecord, SpanSink } from './span-record.ts';
import {
  partsOf,
  readTraceParent,
  spanIdOf,
  type TraceContext,
  type TraceParent,
  withinTrace,
  writeTraceParent,
} from './trace-context.ts';
import { noTelemetry, type Outcome, type Telemetry, type Work } from './telemetry.ts';

/** An event older than this begins a new trace where it is heard, linked to its own, in milliseconds. */
const linkAfterMs = 60_000;

/** What is always told, whether its booking is sampled or not. */
const troubles = new Set<Outcome>(['parked', 'dead', 'failed']);

export interface SpanOptions {
  /** The resource's `service.name`. */
  readonly service: string;
  readonly sampling: Sampling;
  readonly sink: SpanSink;
  /** What the log is: `kafka`, or `ensemble` for one of ours. */
  readonly system: string;
  /** The clock of the service, in milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** Spans also of what was heard and led to nothing. */
  readonly verbose?: boolean;
  /** Makes ids: 16 hex digits each, not all 0. Default: at random. */
  readonly newId?: () => string;
}

// Eight random bytes each; asking for them one by one costs more than the rest of a span.
let pool = '';
let taken = 0;
const randomId = (): string => {
  if (taken === pool.length) {
    pool = randomBytes(4_096).toString('hex');
    taken = 0;
  }
  taken += 16;
  return pool.slice(taken - 16, taken);
};

/** A span that has begun; what it is called stands when it ends. */
interface Begun {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly links: SpanRecord['links'];
}

/** A piece of work, as far as it is known when it begins. */
interface Beginning {
  readonly conversationId: string;
  readonly startMs: number;
  /** What led to it. */
  readonly cause: TraceContext | undefined;
  /** Whether it begins a trace, linked to its cause; else it continues that of its cause. */
  readonly isNew: boolean;
  /** Where it belongs if it has no span of its own unless something is unusual. */
  readonly within?: TraceParent | undefined;
  /** Whoever knows of the trouble is to know that it is over. */
  readonly isAlwaysTold?: boolean;
  readonly describe: (outcome: Outcome, error: unknown) => Described;
}

/**
 * Tells of a service's work as spans of OpenTelemetry's messaging conventions. Each is made whole
 * when it ends, so what came to nothing costs nothing. A booking that is not sampled has no
 * context either: nothing of it travels or is stored.
 */
export const spanTracing = (options: SpanOptions): Telemetry => {
  const { service, sampling, sink, system, now, verbose = false, newId = randomId } = options;
  const { heard, recalled, tried, created } = describing({ service, system });

  const begin = (cause: TraceContext | undefined, isNew: boolean): Begun => ({
    traceId: cause === undefined || isNew ? newId() + newId() : cause.traceId,
    spanId: newId(),
    parentSpanId: isNew ? undefined : (cause?.spanId ?? undefined),
    links:
      cause === undefined || cause.spanId === null
        ? []
        : [{ traceId: cause.traceId, spanId: cause.spanId }],
  });

  const work = (beginning: Beginning): Work => {
    const { conversationId, cause, isNew, within, isAlwaysTold = false } = beginning;
    const isSampled = sampling(conversationId);
    const begun = isSampled && within === undefined ? begin(cause, isNew) : undefined;
    const isTold = (outcome: Outcome): boolean => {
      if (isAlwaysTold || troubles.has(outcome)) return true;
      if (!isSampled || (outcome === 'decided' && within !== undefined)) return false;
      return outcome !== 'nothing' || verbose;
    };
    return {
      trace: begun === undefined ? within : writeTraceParent({ ...begun, isSampled }),
      end: (outcome, error) => {
        if (!isTold(outcome)) return;
        const { startMs, describe } = beginning;
        const { traceId, spanId, parentSpanId, links } = begun ?? begin(cause, isNew);
        const { name, kind, attributes } = describe(outcome, error);
        sink({
          traceId,
          spanId,
          parentSpanId,
          service,
          name,
          kind,
          startMs,
          endMs: Math.max(startMs, now()),
          status: troubles.has(outcome) ? 'error' : 'unset',
          attributes,
          links,
        });
      },
    };
  };

  const hear: Telemetry['hear'] = (message) => {
    const startMs = now();
    const { conversationId, traceparent, trigger, maySay } = message;
    const cause = readTraceParent(traceparent);
    const isNew = trigger !== 'event' || startMs - message.time > linkAfterMs;
    const isSampled = sampling(conversationId);
    const hasOwn = maySay || isNew || cause === undefined || !isSampled;
    return work({
      conversationId,
      startMs,
      cause,
      isNew,
      within: hasOwn || traceparent === undefined ? undefined : withinTrace(traceparent, true),
      isAlwaysTold: trigger !== 'event',
      describe: (outcome, error) =>
        heard(message, { outcome, error, at: startMs, isLost: isSampled && cause === undefined }),
    });
  };

  const recall: Telemetry['recall'] = (answer) =>
    work({
      conversationId: answer.conversationId,
      startMs: now(),
      cause: readTraceParent(answer.trace),
      isNew: true,
      isAlwaysTold: true,
      describe: (outcome, error) => recalled(answer, outcome, error),
    });

  const attempt: Telemetry['attempt'] = (toDo) => {
    const startMs = now();
    return work({
      conversationId: toDo.conversationId,
      startMs,
      cause: toDo.trace === undefined ? undefined : partsOf(toDo.trace),
      isNew: toDo.isReminder || toDo.attempt > 1 || startMs - toDo.dueAt > linkAfterMs,
      describe: (outcome, error) => tried(toDo, { outcome, error, at: startMs }),
    });
  };

  const said: Telemetry['said'] = (message, { in: decidedIn, at, isAgain = false }) => {
    const { headers } = message;
    if (decidedIn === undefined || !sampling(headers['ce_correlationid'] ?? '')) return;
    const { traceId, spanId } = partsOf(decidedIn);
    const { name, kind, attributes } = created(message);
    sink({
      traceId,
      spanId: spanIdOf(headers['ce_id'] ?? ''),
      parentSpanId: spanId ?? undefined,
      service,
      name,
      kind,
      startMs: at,
      // How long it took is known to who decided it.
      endMs: isAgain ? at : Math.max(at, now()),
      status: 'unset',
      attributes,
      links: [],
    });
  };

  return {
    begin: (conversationId, request) => {
      if (!sampling(conversationId)) return undefined;
      return request === undefined
        ? writeTraceParent({ traceId: newId() + newId(), spanId: null, isSampled: true })
        : withinTrace(request, true);
    },
    hear,
    recall,
    attempt,
    said,
    call: noTelemetry.call,
  };
};
