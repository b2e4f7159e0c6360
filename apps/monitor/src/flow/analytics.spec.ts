import { describe, expect, it } from '@jest/globals';
import { ada, goldenPath, noon, said, told } from './spec-kit.ts';

const idOf = (n: number): string => n.toString(16).padStart(32, '0');

const finished = <Result>(work: Generator<void, Result>): Result => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
};

describe('analytics', () => {
  const paths = [...goldenPath(), ...goldenPath(idOf(2), 10_000)];
  const refused = said('booking.requested', { booking: idOf(9), at: 70_000 });
  const monitor = told([
    ...paths,
    refused,
    said('seat.refused', { booking: idOf(9), at: 70_050, cause: refused }),
  ]);
  const { steps, outcomes, variants, critical, rates } = finished(
    monitor.analytics(noon, noon + 120_000),
  );

  it('tell how long each step took, from cause to effect', () => {
    expect(steps).toContainEqual({
      from: 'seat.reserved',
      to: 'payment.received',
      count: 2,
      p50: 100,
      p90: 100,
      p99: 100,
    });
    expect(steps).toContainEqual(
      expect.objectContaining({ from: 'payment.received', to: 'ticket.generated', p50: 200 }),
    );
  });

  it('tell how bookings ended, and how long that took', () => {
    expect(outcomes).toEqual([
      { state: 'ticketed', count: 2, p50: 400, p99: 400 },
      { state: 'refused', count: 1, p50: 50, p99: 50 },
    ]);
  });

  it('tell the ways that bookings went, the most frequent first', () => {
    expect(variants.map(({ path, count, example }) => ({ path, count, example }))).toEqual([
      {
        path: [
          'booking.requested',
          'seat.reserved',
          'payment.received',
          'seat.sold',
          'ticket.generated',
        ],
        count: 2,
        example: ada,
      },
      { path: ['booking.requested', 'seat.refused'], count: 1, example: idOf(9) },
    ]);
  });

  it('tell on which hops the time went that mattered', () => {
    expect(critical[0]).toEqual({
      from: 'payment',
      event: 'payment.received',
      to: 'ticket',
      count: 2,
      share: expect.closeTo(400 / 850),
    });
  });

  it('tell the rates by the minute', () => {
    expect(rates).toEqual([
      { at: noon, started: 2, ended: 2, failed: 0 },
      { at: noon + 60_000, started: 1, ended: 1, failed: 0 },
    ]);
  });

  it('are of the time that is asked for', () => {
    const later = finished(monitor.analytics(noon + 60_000, noon + 120_000));
    expect(later.outcomes).toEqual([{ state: 'refused', count: 1, p50: 50, p99: 50 }]);
  });
});
