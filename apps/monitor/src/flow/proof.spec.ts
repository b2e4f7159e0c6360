import { describe, expect, it } from '@jest/globals';
import type { LogRecord } from '@ensemble/log';
import { attribute, type SpanRecord } from '@ensemble/telemetry';
import { ada, goldenPath, idIn, noon, said, told } from './spec-kit.ts';
import { proofOf } from './proof.ts';

/** The span in which the event on a record was decided. */
const createSpan = (record: LogRecord): SpanRecord => ({
  traceId: 'a'.repeat(32),
  spanId: idIn(record).slice(0, 16),
  service: record.headers['ce_source']?.split('/').at(-1) ?? '',
  name: `create ${record.headers['ce_type']}`,
  kind: 'producer',
  startMs: record.timestamp,
  endMs: record.timestamp + 1,
  status: 'unset',
  attributes: {
    [attribute.messageId]: idIn(record),
    [attribute.conversationId]: record.headers['ce_correlationid'] ?? '',
    [attribute.causationId]: record.headers['ce_causationid'] ?? '',
    [attribute.eventType]: record.headers['ce_type'] ?? '',
  },
  links: [],
});

describe('the proof', () => {
  const path = goldenPath();
  const spans = path.map(createSpan);
  const copies = path.map((record) => ({ ...record, offset: record.offset + 1_000_000 }));

  it('holds where spans tell the flow that the log tells, however often each', () => {
    const all = proofOf([...path, ...copies], [...spans.toReversed(), ...spans]);
    expect(all).toEqual({ checked: 1, equal: 1, differences: [] });
  });

  it('fails where a span is missing, wrong, or of something that the log does not know', () => {
    expect(proofOf(path, spans.slice(1)).differences).toEqual([
      `${ada}: the spans do not tell of booking.requested as the log does`,
    ]);
    const [first, ...rest] = spans;
    const forged = {
      ...first!,
      attributes: { ...first!.attributes, [attribute.causationId]: 'x' },
    };
    expect(proofOf(path, [forged, ...rest])).toMatchObject({ checked: 1, equal: 0 });
    expect(proofOf(path.slice(1), spans).differences).toEqual([
      `${ada}: only the spans tell of booking.requested`,
    ]);
  });

  it('checks no booking that was not sampled', () => {
    expect(proofOf(path, [])).toEqual({ checked: 0, equal: 0, differences: [] });
  });

  it('stands on the map as a ratio, once a booking is over and its spans are there', () => {
    const monitor = told();
    for (const span of spans) monitor.span(span);
    for (const record of path) monitor.record(record);
    monitor.tick(noon + 1_000);
    expect(monitor.map().totals.proven).toBeNull();
    monitor.tick(noon + 20_000);
    expect(monitor.map().totals.proven).toEqual({ equal: 1, checked: 1 });
    monitor.record(said('seat.sold', { at: 500, cause: path[2]! }));
    expect(monitor.map().totals.proven).toEqual({ equal: 0, checked: 1 });
  });
});
