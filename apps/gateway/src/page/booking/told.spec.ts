import { describe, expect, it } from '@jest/globals';
import type { BookingView } from '../../schemas.ts';
import { type Headline, type Says, type Told, toldOf } from './told.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const heldUntil = new Date(noon + 60_000).toISOString();
const total = { amount: 9000, currency: 'EUR' };

/** A booking to which these things happened, a second after each other. */
const booking = (
  state: BookingView['state'],
  types: readonly string[],
  more: Partial<BookingView> = {},
): BookingView => ({
  bookingId: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
  state,
  showId: 'hamlet',
  section: 'stalls',
  seats: ['A-12', 'A-13'],
  total,
  history: types.map((type, index) => ({
    type,
    by: 'somebody',
    at: new Date(noon - 10_000 + index * 1_000).toISOString(),
  })),
  ...more,
});
const told = (...of: Parameters<typeof booking>): Told => toldOf(booking(...of), noon);
const says = ({ steps }: Told): Says[] => steps.map((step) => step.says);

const asked = ['booking.requested'];
const held = [...asked, 'seat.reserved'];
const declined = [...held, 'payment.declined'];
const paid = [...held, 'payment.received'];
const ticketed = [...paid, 'seat.sold', 'ticket.generated'];
const withdrawn = [...ticketed, 'notification.sent', 'booking.withdrawn'];
const revoked = [...withdrawn, 'payment.refunded', 'ticket.revoked'];

describe('a booking on its way', () => {
  it.each<[BookingView['state'], string[], Headline, Says[]]>([
    ['requested', asked, 'asked', ['seats-awaited', 'payment-next', 'ticket-next', 'mail-next']],
    ['reserved', held, 'paying', ['seats-held', 'payment-awaited', 'ticket-next', 'mail-next']],
    [
      'declined',
      declined,
      'declined',
      ['seats-held', 'payment-declined', 'ticket-next', 'mail-next'],
    ],
    ['paid', paid, 'paid', ['seats-held', 'payment-received', 'ticket-awaited', 'mail-next']],
    [
      'paid',
      [...paid, 'ticket.delayed'],
      'delayed',
      ['seats-held', 'payment-received', 'ticket-delayed', 'mail-next'],
    ],
    [
      'ticketed',
      ticketed,
      'ticketed',
      ['seats-held', 'payment-received', 'ticket-made', 'mail-awaited'],
    ],
    [
      'ticketed',
      [...ticketed, 'notification.sent'],
      'ticketed',
      ['seats-held', 'payment-received', 'ticket-made', 'mail-sent'],
    ],
    [
      'ticketed',
      [...ticketed, 'notification.failed'],
      'ticketed',
      ['seats-held', 'payment-received', 'ticket-made', 'mail-failed'],
    ],
  ])('that is %s after %j is told as %s', (state, history, headline, steps) => {
    const view = told(state, history, { heldUntil });
    expect(view.headline).toBe(headline);
    expect(says(view)).toEqual(['request', ...steps]);
    expect(view.can.withdraw).toBe(true);
    expect(view.awaitsTicket).toBe(state !== 'declined' && state !== 'ticketed');
  });

  it('tells of each step when it was, and of one at a time that it is awaited', () => {
    const { steps } = told('reserved', held, { heldUntil });
    expect(steps.map(({ how, at }) => [how, at])).toEqual([
      ['done', '2026-11-21T11:59:50.000Z'],
      ['done', '2026-11-21T11:59:51.000Z'],
      ['now', undefined],
      ['next', undefined],
      ['next', undefined],
    ]);
  });

  it('can have another card while its seats are held, and not after', () => {
    expect(told('declined', declined, { heldUntil }).can.giveCard).toBe(true);
    const late = toldOf(booking('declined', declined, { heldUntil }), noon + 60_000);
    expect([late.headline, late.can.giveCard]).toEqual(['time-up', false]);
    const open = toldOf(booking('reserved', held, { heldUntil }), noon + 60_000);
    expect(open.headline).toBe('paying-late');
  });

  it('is over once it has its ticket, which can be mailed once more', () => {
    expect(told('paid', paid)).toMatchObject({ isOver: false, can: { copy: false } });
    expect(told('ticketed', ticketed)).toMatchObject({ isOver: true, can: { copy: true } });
  });
});

describe('a booking that was withdrawn', () => {
  it.each<[BookingView['state'], string[], boolean, Headline, Says[]]>([
    ['requested', [...asked, 'booking.withdrawn'], false, 'withdrawing', []],
    ['declined', [...declined, 'booking.withdrawn'], false, 'withdrawing', []],
    ['paid', [...paid, 'booking.withdrawn'], true, 'refunding', ['refund-awaited']],
    ['ticketed', withdrawn, true, 'refunding', ['refund-awaited']],
    ['ticketed', [...withdrawn, 'payment.refund-failed'], true, 'owed', ['refund-owed']],
  ])('is, while %s after %j, told as %s', (state, history, isOwed, headline, last) => {
    const view = told(state, history, isOwed ? { refundOwed: total } : {});
    expect(view.headline).toBe(headline);
    expect(says(view).at(-1)).toBe(last[0] ?? 'withdrawal');
    expect(says(view)).not.toContain('seats-released');
    expect(view).toMatchObject({
      isOver: false,
      awaitsTicket: false,
      can: { withdraw: false, giveCard: false, copy: false },
    });
  });

  it('ends when the money is back; the seats are free when they are, the mail sent when it is', () => {
    const view = told('refunded', revoked);
    expect([view.headline, view.isOver, view.can.withdraw]).toEqual(['refunded', true, false]);
    expect(says(view).slice(-5)).toEqual([
      'withdrawal',
      'refund-done',
      'ticket-revoked',
      'seats-releasing',
      'mail-awaited',
    ]);
    const later = told('refunded', [...revoked, 'seat.released', 'notification.sent']);
    expect(says(later).slice(-2)).toEqual(['seats-released', 'mail-sent']);
  });
});

describe('a booking that came to nothing', () => {
  it('was refused: nothing was held, and nothing is released', () => {
    const view = told('refused', [...asked, 'seat.refused'], { reason: 'taken' });
    expect(view).toMatchObject({ headline: 'refused', isOver: true, can: { withdraw: false } });
    expect(says(view)).toEqual(['request', 'seats-taken', 'mail-awaited']);
  });

  it.each<[string, Headline]>([
    ['declined', 'failed-declined'],
    ['provider-unavailable', 'failed-away'],
    ['withdrawn', 'failed-withdrawn'],
  ])('failed, for %s', (reason, headline) => {
    const view = told('failed', [...declined, 'payment.failed'], { reason });
    expect([view.headline, view.isOver]).toEqual([headline, true]);
    expect(says(view)).toEqual([
      'request',
      'seats-held',
      'payment-failed',
      'seats-releasing',
      'mail-awaited',
    ]);
    const released = [...declined, 'payment.failed', 'seat.released', 'notification.sent'];
    expect(says(told('failed', released, { reason })).slice(-2)).toEqual([
      'seats-released',
      'mail-sent',
    ]);
  });

  it('shows money that was found to be charged all the same, until it is back', () => {
    const history = [...declined, 'payment.failed', 'payment.refund-failed'];
    const view = told('failed', history, { reason: 'withdrawn', refundOwed: total });
    expect(says(view)).toContain('refund-owed');
    const back = told('failed', [...history, 'payment.refunded'], { reason: 'withdrawn' });
    expect(says(back)).toContain('refund-done');
    expect(says(back)).not.toContain('refund-owed');
  });
});
