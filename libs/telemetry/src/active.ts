import { isSpanContextValid, trace, TraceFlags } from '@opentelemetry/api';
import { type TraceParent, writeTraceParent } from './trace-context.ts';

/** The context of the span that is active here: that of the HTTP request which is being answered. */
export const activeTrace = (): TraceParent | undefined => {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined || !isSpanContextValid(context)) return undefined;
  const { traceId, spanId, traceFlags } = context;
  return writeTraceParent({ traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
};
