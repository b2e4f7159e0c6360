import {
  type Encoding,
  kindNumbers,
  type ResourceAttributes,
  scope,
  statusMessageOf,
  statusNumbers,
} from './otlp-encoding.ts';
import type { SpanRecord } from './span-record.ts';

const valueOf = (value: string | number | boolean) => {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
};
const attributesOf = (attributes: SpanRecord['attributes']) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
/** Exact to the microsecond: that is what a number holds. */
const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);

const written = (span: SpanRecord): string =>
  JSON.stringify({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: kindNumbers[span.kind],
    startTimeUnixNano: nanoseconds(span.startMs),
    endTimeUnixNano: nanoseconds(span.endMs),
    attributes: attributesOf(span.attributes),
    links: span.links,
    status: { code: statusNumbers[span.status], message: statusMessageOf(span) || undefined },
  });

/** Writes spans as JSON, for collectors that read nothing else. */
export const jsonEncoding = (resource: ResourceAttributes): Encoding => {
  const services = new Map<string, string[]>();
  return {
    contentType: 'application/json',
    add: (span) => {
      const spans = services.get(span.service) ?? [];
      services.set(span.service, spans);
      spans.push(written(span));
    },
    take: () => {
      const parts = [...services].map(([service, spans]) => {
        const attributes = attributesOf({ ...resource, 'service.name': service });
        return (
          `{"resource":${JSON.stringify({ attributes })},"scopeSpans":` +
          `[{"scope":{"name":"${scope}"},"spans":[${spans.join(',')}]}]}`
        );
      });
      services.clear();
      return Buffer.from(`{"resourceSpans":[${parts.join(',')}]}`);
    },
  };
};
