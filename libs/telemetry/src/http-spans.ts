import { hrTimeToMilliseconds } from '@opentelemetry/core';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { attribute } from './attributes.ts';
import type { Sampling } from './sampling.ts';
import type { SpanRecord, SpanSink } from './span-record.ts';

/** Of what instrumentations know this is kept: no address, no agent, no path that holds a secret. */
const kept = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'server.port',
  'db.system.name',
  'db.namespace',
  'db.collection.name',
  'db.operation.name',
  'error.type',
  attribute.conversationId,
] as const;

const kinds: Readonly<Record<SpanKind, SpanRecord['kind']>> = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
};

const attributesOf = (span: ReadableSpan): SpanRecord['attributes'] =>
  Object.fromEntries(
    kept.flatMap((name) => {
      const value = span.attributes[name];
      const isSimple =
        typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return isSimple ? [[name, value]] : [];
    }),
  );

/** Where a span's sampling is decided: by its booking, which a request has when it ends, or its trace. */
const conversationOf = (span: ReadableSpan): string => {
  const conversationId = span.attributes[attribute.conversationId];
  return typeof conversationId === 'string' ? conversationId : span.spanContext().traceId;
};

/**
 * Takes the spans of instrumentations as ours: as the service's whose port or database it was. Those
 * of a booking are kept with its others; those that failed are always.
 */
export const adopting = (
  sink: SpanSink,
  sampling: Sampling,
  serviceOf: (span: ReadableSpan) => string | undefined,
): SpanProcessor => ({
  onStart: () => undefined,
  onEnd: (span) => {
    const service = serviceOf(span);
    if (service === undefined) return;
    const hasFailed = span.status.code === SpanStatusCode.ERROR;
    if (!hasFailed && !sampling(conversationOf(span))) return;
    const { traceId, spanId } = span.spanContext();
    sink({
      traceId,
      spanId,
      parentSpanId: span.parentSpanContext?.spanId,
      service,
      name: span.name,
      kind: kinds[span.kind],
      startMs: hrTimeToMilliseconds(span.startTime),
      endMs: hrTimeToMilliseconds(span.endTime),
      status: hasFailed ? 'error' : 'unset',
      attributes: attributesOf(span),
      links: span.links.map(({ context }) => ({
        traceId: context.traceId,
        spanId: context.spanId,
      })),
    });
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});
