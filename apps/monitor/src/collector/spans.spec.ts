import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Standing } from '../flow/index.ts';
import { openSpans } from './spans.ts';
import { spanOf } from './spec-kit.ts';

const idsOf = (spans: readonly { spanId: string }[]): number[] =>
  spans.map(({ spanId }) => Number.parseInt(spanId, 16));

describe('the spans', () => {
  it('are found by booking, with what is around them in its traces, and by trace', () => {
    const spans = openSpans({ standing: () => 'open' });
    spans.take(spanOf(3, 'ada'));
    spans.take(spanOf(1, null));
    spans.take(spanOf(2, 'bob'));
    spans.take(spanOf(4, 'ada', { traceId: 'e'.repeat(32) }));
    spans.take(spanOf(5, null, { traceId: 'f'.repeat(32) }));
    expect(idsOf(spans.ofBooking('ada'))).toEqual([1, 3, 4]);
    expect(idsOf(spans.ofBooking('nobody'))).toEqual([]);
    expect(idsOf(spans.ofTrace(spanOf(1, null).traceId))).toEqual([1, 2, 3]);
  });

  it('are one when they were sent twice', () => {
    const spans = openSpans({ standing: () => 'open' });
    spans.take(spanOf(1, 'ada'));
    spans.take(spanOf(1, 'ada'));
    expect(spans.counts()).toEqual({ kept: 1, dropped: 0 });
  });

  it('of whole finished bookings go first, those of bookings in trouble last', () => {
    const standing = (bookingId: string): Standing =>
      bookingId === 'stuck' ? 'troubled' : bookingId === 'open' ? 'open' : 'finished';
    const spans = openSpans({ maxSpans: 40, standing });
    const booked = ['stuck', 'open', 'one', 'two', 'three'];
    for (const [index, bookingId] of booked.entries()) {
      for (let n = 0; n < 9; n += 1) spans.take(spanOf(index * 10 + n, bookingId));
    }
    const left = booked.map((bookingId) => spans.ofBooking(bookingId).length);
    expect(left).toEqual([9, 9, 0, 9, 9]);
    expect(spans.counts()).toEqual({ kept: 36, dropped: 9 });
  });

  it('are not more than so many bytes, however long somebody makes them', () => {
    const spans = openSpans({ maxBytes: 1_000_000, standing: () => 'finished' });
    const long = { 'somebody.said': 'x'.repeat(100_000) };
    for (let n = 0; n < 30; n += 1) {
      spans.take(spanOf(n, `b${n}`, { attributes: { ...spanOf(n, `b${n}`).attributes, ...long } }));
      spans.take(spanOf(100 + n, null, { traceId: `${n}`.padStart(32, 'a'), attributes: long }));
    }
    // Of about 200 KB each, and a part of the room is kept free for what comes next.
    expect(spans.counts()).toEqual({ kept: 4 + 2, dropped: 54 });
    expect(idsOf(spans.ofBooking('b29'))).toEqual([29]);
    spans.take(spanOf(29, 'b29', { endMs: 2_000_000_000_000 }));
    spans.take(spanOf(30, 'b30', { attributes: { ...spanOf(30, 'b30').attributes, ...long } }));
    expect(spans.counts().kept).toBe(4 + 2 + 1);
  });

  it('are never more than they may be', () => {
    const some = fc.array(fc.tuple(fc.option(fc.nat(30)), fc.nat(200)), { maxLength: 400 });
    fc.assert(
      fc.property(some, (coming) => {
        const bounds = { maxBookings: 10, maxSpans: 50, maxOthers: 20 };
        const spans = openSpans({
          ...bounds,
          standing: (id) => (['finished', 'open', 'troubled'] as const)[Number(id) % 3] ?? 'open',
        });
        for (const [booking, number] of coming) {
          const traceId = (number % 7).toString(16).padStart(32, 'a');
          spans.take(spanOf(number, booking === null ? null : String(booking), { traceId }));
          expect(spans.counts().kept).toBeLessThanOrEqual(70);
        }
        const ids = Array.from({ length: 31 }, (_, booking) => String(booking));
        expect(ids.filter((id) => spans.ofBooking(id).length > 0).length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
