import { describe, expect, it } from '@jest/globals';
import { creationContext, readTraceParent, spanIdOf, writeTraceParent } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('a trace context', () => {
  it.each([
    [spanId, true],
    [spanId, false],
    [null, true],
  ])('reads what it wrote: span %s, sampled %s', (span, isSampled) => {
    const context = { traceId, spanId: span, isSampled };
    expect(readTraceParent(writeTraceParent(context))).toEqual(context);
  });

  it.each([
    undefined,
    '',
    'hello',
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `01-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId}-${spanId}`,
    'x'.repeat(1_000_000),
  ])('is nothing else: %#', (text) => {
    expect(readTraceParent(text)).toBeUndefined();
  });

  it('of an event is made from its id, in the trace of its decision', () => {
    const eventId = 'c0ffee00c0ffee00deadbeefdeadbeef';
    const decidedIn = `00-${traceId}-${spanId}-01`;
    expect(creationContext(decidedIn, eventId)).toBe(`00-${traceId}-c0ffee00c0ffee00-01`);
  });

  it('never has the span id 0, which is none', () => {
    expect(spanIdOf('0'.repeat(32))).toBe('0000000000000001');
  });
});
