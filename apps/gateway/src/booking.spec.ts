import { describe, expect, it } from '@jest/globals';
import type { AnyEvent, DataOf, EventType } from '@ensemble/contracts';
import fc from 'fast-check';
import { viewOf } from './booking.ts';
import { eventOf } from './rehearsal.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const place = {
  bookingId: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
  showId: 'hamlet',
  section: 'stalls',
};
let said = 0;
/** An event of the one booking, a second after the one before. */
const fact = <Type extends EventType>(type: Type, data: Partial<DataOf<Type>> = {}): AnyEvent => {
  said += 1;
  return eventOf(type, data, { time: noon + said * 1000, sequence: said });
};

const requested = fact('booking.requested');
const reserved = fact('seat.reserved');
const refused = fact('seat.refused');
const declined = fact('payment.declined', { attempt: 1 });
const replaced = fact('booking.card-replaced');
const declinedAgain = fact('payment.declined', { attempt: 2, reason: 'insufficient_funds' });
const received = fact('payment.received');
const sold = fact('seat.sold');
const delayed = fact('ticket.delayed');
const generated = fact('ticket.generated');
const sent = fact('notification.sent');
const withdrawn = fact('booking.withdrawn');
const refundFailed = fact('payment.refund-failed');
const refunded = fact('payment.refunded');
const revoked = fact('ticket.revoked');
const failed = fact('payment.failed', { reason: 'declined' });
const released = fact('seat.released');
const all = [
  [requested, reserved, refused, declined, replaced, declinedAgain, received, sold, delayed],
  [generated, sent, withdrawn, refundFailed, refunded, revoked, failed, released],
].flat();

const total = { amount: 9000, currency: 'EUR' };
const heldUntil = '2026-11-21T12:10:00.000Z';

describe('the view of a booking', () => {
  it('is nothing before the booking was requested', () => {
    expect(viewOf([])).toBeUndefined();
    expect(viewOf([reserved])).toBeUndefined();
  });

  it('shows what was asked for, at the price of the section', () => {
    const price = { amount: 4500, currency: 'EUR' };
    expect(viewOf([requested], () => price)).toEqual({
      ...place,
      state: 'requested',
      seats: ['A-12', 'A-13'],
      total,
      history: [{ at: '2026-11-21T12:00:01.000Z', type: 'booking.requested', by: 'customer' }],
    });
    expect(viewOf([requested])?.total).toBeUndefined();
  });

  it.each([
    ['requested', [requested]],
    ['reserved', [requested, reserved]],
    ['refused', [requested, refused]],
    ['declined', [requested, reserved, declined]],
    ['reserved', [requested, reserved, declined, replaced]],
    ['declined', [requested, reserved, declined, replaced, declinedAgain]],
    ['paid', [requested, reserved, declined, replaced, received]],
    ['paid', [requested, reserved, received, sold, delayed]],
    ['ticketed', [requested, reserved, received, sold, delayed, generated, sent]],
    ['ticketed', [requested, reserved, received, generated, withdrawn]],
    ['ticketed', [requested, reserved, received, generated, withdrawn, refundFailed]],
    ['refunded', [requested, reserved, received, generated, withdrawn, refunded]],
    ['refunded', [requested, reserved, received, generated, withdrawn, revoked]],
    ['refunded', [requested, reserved, received, delayed, withdrawn, refunded, revoked, released]],
    ['failed', [requested, reserved, declined, failed, released]],
    ['failed', [requested, withdrawn, reserved, failed]],
    ['failed', [requested, reserved, failed, refundFailed, refunded]],
  ])('is %s', (state, events) => {
    expect(viewOf(events)?.state).toBe(state);
  });

  it('says until when a card can be given, and what was wrong with the last', () => {
    const story = [requested, reserved, declined, replaced, declinedAgain];
    expect(viewOf(story)).toMatchObject({ heldUntil, total, reason: 'insufficient_funds' });
    expect(viewOf([...story, failed])).not.toHaveProperty('heldUntil', heldUntil);
    expect(viewOf([...story, failed])).toMatchObject({ reason: 'declined' });
  });

  it('names the taken seats and proposes others when it is refused', () => {
    expect(viewOf([requested, refused])).toMatchObject({
      reason: 'taken',
      taken: ['A-12'],
      alternatives: [
        ['A-14', 'A-15'],
        ['B-12', 'B-13'],
      ],
    });
  });

  it('has the ticket as long as it is valid', () => {
    const story = [requested, reserved, received, generated];
    const { ticketId, code, seats, links } = generated.data as DataOf<'ticket.generated'>;
    expect(viewOf(story)?.ticket).toEqual({ ticketId, code, seats, links });
    expect(viewOf([...story, refunded])?.ticket).toBeUndefined();
    expect(viewOf([...story, revoked])?.ticket).toBeUndefined();
  });

  it.each([
    ['nothing', undefined, [requested, reserved, received]],
    ['what was paid', total, [requested, reserved, received, withdrawn]],
    ['what a refund failed to give back', total, [requested, failed, refundFailed]],
    ['nothing', undefined, [requested, received, withdrawn, refundFailed, refunded]],
    ['nothing', undefined, [requested, reserved, withdrawn, failed]],
  ])('owes %s', (_what, owed, events) => {
    expect(viewOf(events)?.refundOwed).toEqual(owed);
  });

  it('tells the story in the order in which it happened, and names nobody', () => {
    const view = viewOf([sent, generated, declined, received, reserved, requested]);
    expect(view?.history.map(({ type, by, note }) => [type, by, note])).toEqual([
      ['booking.requested', 'customer', undefined],
      ['seat.reserved', 'seat', undefined],
      ['payment.declined', 'payment', 'card_declined'],
      ['payment.received', 'payment', undefined],
      ['ticket.generated', 'ticket', undefined],
      ['notification.sent', 'notification', undefined],
    ]);
    expect(JSON.stringify(view)).not.toMatch(/Ada|example\.org|pm_card/);
  });

  it('is the same whatever the order in which its events came, and however often', () => {
    fc.assert(
      fc.property(
        fc.subarray(all).chain((set) =>
          fc.tuple(
            fc.constant(set),
            fc.shuffledSubarray([...set, ...set, ...set], {
              minLength: set.length * 3,
              maxLength: set.length * 3,
            }),
          ),
        ),
        ([set, arrived]) => {
          expect(viewOf(arrived)).toEqual(viewOf(set));
        },
      ),
    );
  });

  it('never goes back from an end', () => {
    const ends = ['refused', 'failed', 'refunded'];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 1 }), (arrived) => {
        const states = arrived.map((_, count) => viewOf(arrived.slice(0, count + 1))?.state ?? '');
        const ended = states.findIndex((state) => ends.includes(state));
        const after = ended < 0 ? [] : states.slice(ended);
        expect(after.filter((state) => !ends.includes(state))).toEqual([]);
      }),
    );
  });
});
