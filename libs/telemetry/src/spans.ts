import { randomBytes } from 'node:crypto';
import { attribute } from './attributes.ts';
import { reasonOf } from './reason.ts';
import type { Sampling } from './sampling.ts';
import type { SpanRecord, SpanSink } from './span-record.ts';
import {
  readTraceParent,
  type TraceContext,
  type TraceParent,
  writeTraceParent,
} from './trace-context.ts';
import {
  type HeardMessage,
  noTelemetry,
  type Outcome,
  type TriedToDo,
  type Telemetry,
  type Work,
} from './telemetry.ts';

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
const randomId = (): string => {
  if (pool.length < 16) pool = randomBytes(4_096).toString('hex');
  const id = pool.slice(0, 16);
  pool = pool.slice(16);
  return id;
};

const typeOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** Begins a span; what it is called stands when it ends. */
interface Begun {
  readonly context: TraceContext;
  readonly parentSpanId: string | undefined;
  readonly links: SpanRecord['links'];
}

const linkTo = ({ traceId, spanId }: TraceContext): SpanRecord['links'] =>
  spanId === null ? [] : [{ traceId, spanId }];

/**
 * Tells of a service's work as spans of OpenTelemetry's messaging conventions. Each is made whole
 * when it ends, so what came to nothing costs nothing.
 */
export const spanTracing = (options: SpanOptions): Telemetry => {
  const { service, sampling, sink, system, now, verbose = false, newId = randomId } = options;
  const newTraceId = (): string => newId() + newId();

  /** Within the trace of what led to it, or in a new one that is linked to it. */
  const begin = (
    cause: TraceContext | undefined,
    { isNew, isSampled }: { isNew: boolean; isSampled: boolean },
  ): Begun => {
    const continued = isNew ? undefined : cause;
    return {
      context: { traceId: continued?.traceId ?? newTraceId(), spanId: newId(), isSampled },
      parentSpanId: continued?.spanId ?? undefined,
      links: cause === undefined ? [] : linkTo(cause),
    };
  };

  const work = (
    { context, parentSpanId, links }: Begun,
    startMs: number,
    describe: (outcome: Outcome) => Pick<SpanRecord, 'name' | 'kind' | 'attributes'>,
    isAlwaysTold = false,
  ): Work => ({
    trace: writeTraceParent(context),
    end: (outcome, error) => {
      const isTrouble = troubles.has(outcome);
      const isTold = context.isSampled && (outcome !== 'nothing' || verbose);
      if (!isTold && !isTrouble && !isAlwaysTold) return;
      const { name, kind, attributes } = describe(outcome);
      sink({
        traceId: context.traceId,
        spanId: context.spanId ?? '',
        parentSpanId,
        service,
        name,
        kind,
        startMs,
        endMs: Math.max(startMs, now()),
        status: isTrouble ? 'error' : 'unset',
        attributes:
          error === undefined
            ? attributes
            : {
                ...attributes,
                [attribute.errorType]: typeOf(error),
                [attribute.reason]: reasonOf(error),
              },
        links,
      });
    },
  });

  const hear = (message: HeardMessage): Work => {
    const at = now();
    const cause = readTraceParent(message.traceparent);
    const isLate = message.trigger !== 'event' || at - message.time > linkAfterMs;
    const isSampled = sampling(message.conversationId);
    const begun = (): Work =>
      work(
        begin(cause, { isNew: isLate, isSampled }),
        at,
        (outcome) => describeHeard(message, outcome, at),
        // Whoever knows of the trouble is to know that it is over.
        message.trigger !== 'event',
      );
    if (message.maySay || isLate || cause === undefined) return begun();
    return within(writeTraceParent({ ...cause, isSampled }), begun);
  };

  /** Work in the trace of its cause, with a span of its own only if something is unusual. */
  const within = (trace: TraceParent, begun: () => Work): Work => ({
    trace,
    end: (outcome, error) => {
      if (outcome !== 'decided') begun().end(outcome, error);
    },
  });

  const describeHeard = (
    message: HeardMessage,
    outcome: Outcome,
    at: number,
  ): Pick<SpanRecord, 'name' | 'kind' | 'attributes'> => ({
    name: `process ${message.type}`,
    kind: 'consumer',
    attributes: {
      [attribute.system]: system,
      [attribute.operationType]: 'process',
      [attribute.operationName]: 'process',
      [attribute.destination]: message.topic,
      [attribute.partition]: String(message.partition),
      [attribute.offset]: message.offset,
      [attribute.group]: service,
      [attribute.messageId]: message.id,
      [attribute.conversationId]: message.conversationId,
      [attribute.eventType]: message.type,
      [attribute.trigger]: message.trigger,
      [attribute.outcome]: outcome,
      [attribute.brokerWait]: Math.max(0, at - message.receivedAt),
      ...(readTraceParent(message.traceparent) ? {} : { [attribute.context]: 'missing' }),
    },
  });

  const attempt = (toDo: TriedToDo): Work => {
    const at = now();
    const { conversationId, isReminder } = toDo;
    const cause = readTraceParent(toDo.trace);
    const isNew = isReminder || toDo.attempt > 1 || at - toDo.dueAt > linkAfterMs;
    const begun = begin(cause, { isNew, isSampled: sampling(conversationId) });
    return work(begun, at, (outcome) => describeToDo(toDo, outcome, at));
  };

  const describeToDo = (
    { id, name, conversationId, reaches, isReminder, attempt: tries, dueAt }: TriedToDo,
    outcome: Outcome,
    at: number,
  ): Pick<SpanRecord, 'name' | 'kind' | 'attributes'> => ({
    name: `${isReminder ? 'fire' : 'do'} ${name}`,
    kind: reaches === undefined ? 'internal' : 'client',
    attributes: {
      [attribute.conversationId]: conversationId,
      [attribute.toDo]: id,
      [attribute.toDoName]: name,
      [attribute.attempt]: tries,
      [attribute.trigger]: isReminder ? 'timer' : tries > 1 ? 'retry' : 'event',
      [attribute.outcome]: outcome,
      ...(reaches === undefined ? {} : { [attribute.peer]: reaches }),
      ...(isReminder ? { [attribute.lateness]: Math.max(0, at - dueAt) } : {}),
    },
  });

  const said: Telemetry['said'] = ({ topic, key, headers }, decided) => {
    const conversationId = headers['ce_correlationid'] ?? '';
    if (!sampling(conversationId)) return;
    const context = readTraceParent(headers['ce_traceparent']);
    const parent = readTraceParent(decided.in);
    if (context === undefined || parent === undefined) return;
    const type = headers['ce_type'] ?? '';
    sink({
      traceId: context.traceId,
      spanId: context.spanId ?? '',
      parentSpanId: parent.spanId ?? undefined,
      service,
      name: `create ${type}`,
      kind: 'producer',
      startMs: decided.at,
      // How long it took is known to who decided it.
      endMs: decided.isAgain ? decided.at : Math.max(decided.at, now()),
      status: 'unset',
      attributes: {
        [attribute.system]: system,
        [attribute.operationType]: 'create',
        [attribute.operationName]: 'create',
        [attribute.destination]: topic,
        [attribute.key]: key,
        [attribute.messageId]: headers['ce_id'] ?? '',
        [attribute.conversationId]: conversationId,
        [attribute.causationId]: headers['ce_causationid'] ?? '',
        [attribute.eventType]: type,
      },
      links: [],
    });
  };

  return {
    begin: (conversationId) =>
      writeTraceParent({
        traceId: newTraceId(),
        spanId: null,
        isSampled: sampling(conversationId),
      }),
    hear,
    attempt,
    said,
    call: noTelemetry.call,
  };
};
