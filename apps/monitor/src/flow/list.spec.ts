import { describe, expect, it } from '@jest/globals';
import { ada, goldenPath, noon, said, told } from './spec-kit.ts';

const idOf = (n: number): string => n.toString(16).padStart(32, '0');

describe('the list of bookings', () => {
  const path = goldenPath();
  const refused = said('booking.requested', { booking: idOf(2), at: 5_000 });
  const monitor = told([
    ...path,
    refused,
    said('seat.refused', { booking: idOf(2), at: 5_100, cause: refused }),
  ]);
  const idsFor = (filter: Parameters<typeof monitor.bookings>[0]): string[] =>
    monitor.bookings(filter).bookings.map(({ bookingId }) => bookingId);

  it('has the newest first, each with how it stands', () => {
    expect(monitor.bookings()).toEqual({
      next: null,
      bookings: [
        expect.objectContaining({ bookingId: idOf(2), state: 'refused', total: null }),
        {
          bookingId: ada,
          state: 'ticketed',
          place: 'hamlet/stalls',
          seats: ['A-12', 'A-13'],
          total: { amount: 9000, currency: 'EUR' },
          startedAt: noon,
          lastAt: noon + 400,
          lastEvent: 'ticket.generated',
          isFinal: true,
          isStuck: false,
          verdicts: 0,
        },
      ],
    });
  });

  it('is filtered by what is asked for', () => {
    expect(idsFor({ state: 'ticketed' })).toEqual([ada]);
    expect(idsFor({ service: 'ticket' })).toEqual([ada]);
    expect(idsFor({ type: 'seat.refused' })).toEqual([idOf(2)]);
    expect(idsFor({ q: ada.slice(3, 9).toUpperCase() })).toEqual([ada]);
    expect(idsFor({ q: ' stalls ' })).toHaveLength(2);
    expect(idsFor({ from: noon + 1 })).toEqual([idOf(2)]);
    expect(idsFor({ to: noon + 1 })).toEqual([ada]);
  });

  it('comes in pages, each booking once', () => {
    const many = told(
      Array.from({ length: 250 }, (_, n) => said('booking.requested', { booking: idOf(n) })),
    );
    const found: string[] = [];
    let before: string | undefined;
    do {
      const page = many.bookings({ before });
      found.push(...page.bookings.map(({ bookingId }) => bookingId));
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(new Set(found).size).toBe(250);
    expect(found).toHaveLength(250);
  });
});
