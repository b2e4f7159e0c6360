/**
 * Where in which trace something happens: W3C traceparent, version 00,
 * `00-<trace id, 32 hex>-<span id, 16 hex>-<flags, 2 hex>`.
 * A trace that was begun and has no span yet has the span id 0; that stands in commits only, never
 * on the log or on a wire. Source: https://www.w3.org/TR/trace-context/
 */
export type TraceParent = string;

const noSpan = '0'.repeat(16);
const form = /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The parts of a context. */
export interface TraceContext {
  readonly traceId: string;
  /** Null in a trace that has no span yet. */
  readonly spanId: string | null;
  readonly isSampled: boolean;
}

/** The parts of a context that is ours, and so known to be well formed. */
export const partsOf = (context: TraceParent): TraceContext => {
  const spanId = context.slice(36, 52);
  return {
    traceId: context.slice(3, 35),
    spanId: spanId === noSpan ? null : spanId,
    isSampled: (Number.parseInt(context.slice(53), 16) & 1) === 1,
  };
};

/** The parts of a traceparent; undefined if it is none. Of a stranger's nothing else is taken. */
export const readTraceParent = (text: string | undefined): TraceContext | undefined =>
  text !== undefined && form.test(text) ? partsOf(text) : undefined;

export const writeTraceParent = ({ traceId, spanId, isSampled }: TraceContext): TraceParent =>
  `00-${traceId}-${spanId ?? noSpan}-${isSampled ? '01' : '00'}`;

/** The same place in a trace that is kept, or is not. */
export const withinTrace = (context: TraceParent, isSampled: boolean): TraceParent => {
  const flags = isSampled ? '01' : '00';
  return context.endsWith(flags) ? context : `${context.slice(0, -flags.length)}${flags}`;
};

/**
 * The span in which an event is decided has an id made from the event's: so the span, like the
 * event, is the same however often and by whomever it is published again.
 */
export const spanIdOf = (eventId: string): string => {
  const spanId = eventId.slice(0, 16);
  return spanId === noSpan ? `${'0'.repeat(15)}1` : spanId;
};

/** The context of an event, which it carries for ever: that of its own span, in its decision's trace. */
export const creationContext = (decidedIn: TraceParent, eventId: string): TraceParent =>
  `${decidedIn.slice(0, 36)}${spanIdOf(eventId)}${decidedIn.slice(52)}`;
