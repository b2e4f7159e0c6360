import { attribute, type SpanRecord } from '@ensemble/telemetry';

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** A span of a booking's trace, or of a trace without a booking. */
export const spanOf = (
  number: number,
  bookingId: string | null,
  more: Partial<SpanRecord> = {},
): SpanRecord => ({
  traceId: hex(1, 32),
  spanId: hex(number, 16),
  service: 'seat',
  name: 'process booking.requested',
  kind: 'consumer',
  startMs: 1_795_000_000_000.25 + number,
  endMs: 1_795_000_000_001.75 + number,
  status: 'unset',
  attributes: bookingId === null ? {} : { [attribute.conversationId]: bookingId },
  links: [],
  ...more,
});

const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
const valueOf = (value: string | number | boolean) =>
  typeof value === 'string'
    ? { stringValue: value }
    : typeof value === 'boolean'
      ? { boolValue: value }
      : Number.isInteger(value)
        ? { intValue: String(value) }
        : { doubleValue: value };
const pairsOf = (attributes: SpanRecord['attributes']) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
const nanosOf = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);

/** Spans as an export request; ids are as `idOf` writes them. */
export const requestOf = (
  spans: readonly SpanRecord[],
  idOf: (id: string) => unknown = (id) => id,
) => ({
  resourceSpans: spans.map(({ service, ...span }) => ({
    resource: { attributes: pairsOf({ 'service.name': service }) },
    scopeSpans: [
      {
        spans: [
          {
            traceId: idOf(span.traceId),
            spanId: idOf(span.spanId),
            ...(span.parentSpanId && { parentSpanId: idOf(span.parentSpanId) }),
            name: span.name,
            kind: kinds.indexOf(span.kind),
            startTimeUnixNano: nanosOf(span.startMs),
            endTimeUnixNano: nanosOf(span.endMs),
            attributes: pairsOf(span.attributes),
            links: span.links.map(({ traceId, spanId }) => ({
              traceId: idOf(traceId),
              spanId: idOf(spanId),
            })),
            status: { code: ['unset', 'ok', 'error'].indexOf(span.status) },
          },
        ],
      },
    ],
  })),
});
