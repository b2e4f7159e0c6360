import { describe, expect, it } from '@jest/globals';
import type { SpanView, StepView } from '../../views.ts';
import { hopRows, intervalsOf, spanRows } from './rows.ts';

const step = (more: Partial<StepView>): StepView => ({
  at: 0,
  service: 'seat',
  kind: 'said',
  sentence: '',
  ...more,
});

const requested = step({
  at: 15,
  service: 'gateway',
  event: 'booking.requested',
  eventId: 'e1',
  publishMs: 10,
});
const seatHeard = step({
  event: 'booking.requested',
  eventId: 'e1',
  at: 34,
  kind: 'heard',
  waitMs: 15,
  workMs: 4,
});
const reserved = step({ at: 36, event: 'seat.reserved', eventId: 'e2', causedBy: 'e1' });
const paymentHeard = step({ ...reserved, at: 40, service: 'payment', kind: 'heard', workMs: 1 });

describe('the rows of a story', () => {
  it('count a hop back from its end: published, waited, worked', () => {
    const [row] = hopRows([requested, seatHeard]);
    expect(row).toMatchObject({ label: 'booking.requested', service: 'seat', causedBy: undefined });
    expect(row?.parts).toEqual([
      { part: 'publish', start: 5, end: 15 },
      { part: 'wait', start: 15, end: 30 },
      { part: 'work', start: 30, end: 34 },
    ]);
  });

  it('lead from the hop in which something was said to those who heard it', () => {
    const rows = hopRows([requested, seatHeard, reserved, paymentHeard]);
    expect(rows.map(({ label, service }) => [label, service])).toEqual([
      ['booking.requested', 'seat'],
      ['seat.reserved', 'payment'],
    ]);
    expect(rows[1]?.causedBy).toBe(rows[0]?.id);
  });

  it('lead from event to event where no span tells who heard what', () => {
    const rows = hopRows([requested, reserved]);
    expect(rows[1]?.causedBy).toBe(rows[0]?.id);
    expect(rows[0]?.parts).toEqual([{ part: 'publish', start: 5, end: 15 }]);
    expect(rows[1]?.parts).toEqual([{ part: 'point', start: 36, end: 36 }]);
  });

  it('show what nobody heard, trouble, and what was done twice', () => {
    const failed = step({ at: 50, kind: 'failed', service: 'payment', sentence: 'No.', workMs: 8 });
    const rows = hopRows([requested, seatHeard, reserved, failed, failed]);
    expect(rows.map(({ label, isTrouble }) => [label, isTrouble])).toEqual([
      ['booking.requested', false],
      ['seat.reserved', false],
      ['No.', true],
      ['No.', true],
    ]);
    expect(rows[2]?.parts).toEqual([{ part: 'work', start: 42, end: 50 }]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(4);
  });

  it('need no scale while they wait', () => {
    expect(intervalsOf(hopRows([requested, seatHeard]))).toEqual([
      { start: 5, end: 15 },
      { start: 15, end: 15 },
      { start: 30, end: 30 },
      { start: 30, end: 34 },
    ]);
  });
});

describe('the rows of a trace', () => {
  const span = (spanId: string, more: Partial<SpanView> = {}): SpanView => ({
    traceId: 't',
    spanId,
    service: 'seat',
    name: `span ${spanId}`,
    kind: 'internal',
    startMs: 0,
    endMs: 1,
    status: 'unset',
    attributes: {},
    links: [],
    ...more,
  });

  it('lead from the parent, else from what is linked, if it is there', () => {
    const rows = spanRows([
      span('c', { startMs: 2, links: [{ traceId: 't', spanId: 'a' }] }),
      span('a', { parentSpanId: 'unknown', status: 'error' }),
      span('b', { startMs: 1, parentSpanId: 'a' }),
    ]);
    expect(rows.map(({ id, causedBy }) => [id, causedBy])).toEqual([
      ['a', undefined],
      ['b', 'a'],
      ['c', 'a'],
    ]);
    expect(rows[0]?.isTrouble).toBe(true);
  });
});
