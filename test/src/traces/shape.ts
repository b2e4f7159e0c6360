import { attribute, type SpanRecord } from '@ensemble/telemetry';

/** The spans of a booking, and whatever else is in their traces. */
export const spansOf = (all: readonly SpanRecord[], bookingId: string): readonly SpanRecord[] => {
  const own = all.filter(({ attributes }) => attributes[attribute.conversationId] === bookingId);
  const traces = new Set(own.map(({ traceId }) => traceId));
  return all.filter(({ traceId }) => traces.has(traceId));
};

/**
 * The shape of traces as text: a line for each span, indented below its parent, with the span that
 * it is linked to if that is not its parent; in an order that does not depend on time.
 */
export const shapeOf = (spans: readonly SpanRecord[]): string => {
  const idOf = ({ traceId, spanId }: Pick<SpanRecord, 'traceId' | 'spanId'>): string =>
    `${traceId}/${spanId}`;
  const byId = new Map(spans.map((span) => [idOf(span), span]));
  const parentOf = ({ traceId, parentSpanId: spanId }: SpanRecord): SpanRecord | undefined =>
    spanId === undefined ? undefined : byId.get(idOf({ traceId, spanId }));
  const linked = (span: SpanRecord): string =>
    span.links
      .filter((link) => link.spanId !== span.parentSpanId)
      .map((link) => ` ~ ${byId.get(idOf(link))?.name ?? 'a span that is not there'}`)
      .join('');
  const below = (parent: SpanRecord | undefined, indent: string): string[] =>
    spans
      .filter((span) => parentOf(span) === parent)
      .map((span) => {
        const orphan = parent === undefined && span.parentSpanId !== undefined ? ' (orphan)' : '';
        const trouble = span.status === 'error' ? ' !' : '';
        const { service, kind, name } = span;
        const line = `${indent}${service}: ${name} (${kind})${trouble}${orphan}${linked(span)}`;
        return [line, ...below(span, `${indent}  `)].join('\n');
      })
      .toSorted();
  return below(undefined, '').join('\n');
};
