import { isSpanContextValid, trace, TraceFlags } from '@opentelemetry/api';
import { attribute } from './attributes.ts';
import { readTraceParent, type TraceParent, writeTraceParent } from './trace-context.ts';

/** The context of the span that is active here: that of the HTTP request which is being answered. */
export const activeTrace = (): TraceParent | undefined => {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined || !isSpanContextValid(context)) return undefined;
  const { traceId, spanId, traceFlags } = context;
  return writeTraceParent({ traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
};

/**
 * Says whose request is being answered: its span is found and sampled as the booking's.
 * @param begun the context in which the conversation began, for a request that comes later: linked
 */
export const requestIsOf = (conversationId: string, begun?: TraceParent): void => {
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  span.setAttribute(attribute.conversationId, conversationId);
  const context = readTraceParent(begun);
  if (context === undefined || context.spanId === null) return;
  const { traceId, spanId, isSampled } = context;
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  span.addLink({ context: { traceId, spanId, traceFlags } });
};
