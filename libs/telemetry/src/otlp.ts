import { type HrTime, type Link, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { SpanRecord, SpanSink } from './span-record.ts';

/** Sends spans to an OpenTelemetry collector, in batches. */
export interface Exporting {
  readonly sink: SpanSink;
  /** Spans that were taken, sent, and lost for good because the collector did not take them. */
  counts(): { readonly taken: number; readonly sent: number; readonly lost: number };
  /** Sends what there is, for at most so many milliseconds; what is left then is lost. */
  stop(withinMs: number): Promise<void>;
}

const kinds: Readonly<Record<SpanRecord['kind'], SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};
const statuses: Readonly<Record<SpanRecord['status'], SpanStatusCode>> = {
  unset: SpanStatusCode.UNSET,
  ok: SpanStatusCode.OK,
  error: SpanStatusCode.ERROR,
};

const timeOf = (ms: number): HrTime => {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
};
const contextOf = (traceId: string, spanId: string) => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
});

/** A span as OpenTelemetry's SDK reads those that have ended. */
const readable = (span: SpanRecord, resource: Resource): ReadableSpan => {
  const context = contextOf(span.traceId, span.spanId);
  const { parentSpanId, startMs, endMs } = span;
  const reason = span.attributes['flow.reason'];
  return {
    name: span.name,
    kind: kinds[span.kind],
    spanContext: () => context,
    ...(parentSpanId !== undefined && {
      parentSpanContext: contextOf(span.traceId, parentSpanId),
    }),
    startTime: timeOf(startMs),
    endTime: timeOf(endMs),
    duration: timeOf(endMs - startMs),
    status: {
      code: statuses[span.status],
      ...(span.status === 'error' && reason !== undefined && { message: String(reason) }),
    },
    attributes: span.attributes,
    links: span.links.map(({ traceId, spanId }): Link => ({ context: contextOf(traceId, spanId) })),
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'ensemble' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
};

/** The queue holds some seconds at full load; the SDK's own default lost half of a burst. */
const queue = { maxQueueSize: 16_384, maxExportBatchSize: 512, scheduledDelayMillis: 1_000 };
const exportTimeoutMs = 10_000;

/**
 * Exports by OTLP over HTTP in protobuf, to where OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT)
 * says, with a resource for each service.
 * @param resource attributes that all services of the process share
 */
export const otlpExport = (
  resource: Readonly<Record<string, string>>,
  exporter: SpanExporter = new OTLPTraceExporter({ timeoutMillis: exportTimeoutMs }),
): Exporting => {
  let taken = 0;
  let sent = 0;
  let failed = 0;
  const counting: SpanExporter = {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code === ExportResultCode.SUCCESS) sent += spans.length;
        else failed += spans.length;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
  const processor = new BatchSpanProcessor({
    exporter: counting,
    ...queue,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const resources = new Map<string, Resource>();
  const resourceOf = (service: string): Resource => {
    const known = resources.get(service);
    if (known !== undefined) return known;
    const fresh = resourceFromAttributes({ ...resource, 'service.name': service });
    resources.set(service, fresh);
    return fresh;
  };

  return {
    sink: (span) => {
      taken += 1;
      processor.onEnd(readable(span, resourceOf(span.service)));
    },
    // What is neither sent nor failed is on its way, as long as the queue can hold it.
    counts: () => ({
      taken,
      sent,
      lost: failed + Math.max(0, taken - sent - failed - queue.maxQueueSize),
    }),
    stop: async (withinMs) => {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, withinMs);
      // A collector that is away makes it reject: the spans are lost, and nobody waits for them.
      await Promise.race([processor.shutdown().catch(() => undefined), late.promise]);
      clearTimeout(timer);
    },
  };
};
