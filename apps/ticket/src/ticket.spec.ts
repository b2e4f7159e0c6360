import { describe, expect, it } from '@jest/globals';
import type { Doing } from '@ensemble/choreography';
import { type DataOf, events } from '@ensemble/contracts';
import { event, given, interleavings, noon, type Spec, type Written } from '@ensemble/testing';
import { ticketIdOf } from './code.ts';
import { ticket } from './ticket.ts';

const { bookingId, showId, section, show, seats } = events['booking.requested'].example;
const { code, links } = events['ticket.generated'].example;
const ticketId = ticketIdOf(bookingId);
const issued = { ticketId, code, seats: seats.map((seat) => ({ seat, code })), links };

const requested = event('booking.requested');
const received = event('payment.received');
const refunded = event('payment.refunded');
const generated = event('ticket.generated', issued);
const revoked = event('ticket.revoked', { ticketId });
const delayed = (reason: string): Written => event('ticket.delayed', { reason });
const issues = (at?: number): Doing => ({
  does: 'issue',
  args: { bookingId, showId, section, show, seats: [...seats] },
  at,
});
const paid = (): Spec => given(ticket).hears(requested, received).does(issues());
const late = (): Spec => paid().gaveUp('issue', 'key-away').says(delayed('key-away'));

describe('ticket', () => {
  it('makes the ticket of a booking once it is paid for, whichever it hears first', () => {
    for (const order of interleavings<Written>([requested], [received])) {
      given(ticket)
        .hears(...order)
        .does(issues())
        .came('issue', issued)
        .says(generated)
        .does()
        .opens();
    }
  });

  it('makes none of a booking that is not paid for', () => {
    given(ticket).hears(requested).doesNothing();
  });

  it('makes none of money for a booking that it does not know', () => {
    given(ticket).hears(received).doesNothing();
  });

  it('says nothing to a repeat', () => {
    paid().hears(received, requested).doesNothing();
    paid().came('issue', issued).says(generated).hears(received, requested).doesNothing();
  });

  it('tells what its documents are made of', () => {
    const { order } = paid().remembers as { order: DataOf<'booking.requested'> };
    expect(order.customer).toEqual(events['booking.requested'].example.customer);
  });
});

describe('ticket, when it cannot be issued', () => {
  it('says once that it is delayed, and tries until it works', () => {
    late()
      .does(issues(noon + 10_000))
      .at(noon + 11_000)
      .gaveUp('issue', 'key-away')
      .says()
      .does(issues(noon + 21_000))
      .at(noon + 22_000)
      .came('issue', issued)
      .says(generated)
      .does()
      .opens();
  });

  it('is revoked all the same when the money goes back, and then not made', () => {
    late().hears(refunded).says(revoked).opens();
  });
});

describe('ticket, when the money goes back', () => {
  it('is revoked', () => {
    paid().came('issue', issued).says(generated).hears(refunded).says(revoked).opens();
  });

  it('is revoked once', () => {
    paid().hears(refunded, refunded).says(revoked);
  });

  it('is revoked before it was made, and none is made after', () => {
    paid().hears(refunded).says(revoked).opens();
  });

  it('is revoked once both facts are heard, whichever comes first, and whatever else does', () => {
    for (const order of interleavings<Written>([requested], [received], [refunded])) {
      given(ticket)
        .hears(...order)
        .says(revoked)
        .opens();
    }
  });

  it('is not revoked if there never was money: that refund is bookkeeping', () => {
    given(ticket).hears(requested, refunded).doesNothing();
  });
});

describe('ticket, at the door', () => {
  const seat = seats[0] ?? '';
  const coming = (...those: string[]) => ({
    bookingId,
    showId,
    section,
    seats: those,
    by: 'north-door',
    at: null,
  });
  const admitted = (those: readonly string[], by = 'north-door'): Written =>
    event('ticket.admitted', {
      ticketId,
      seats: [...those],
      by,
      at: new Date(noon).toISOString(),
      offline: false,
    });
  const made = (): Spec => paid().came('issue', issued).says(generated).does().opens();

  it('lets in once on a seat, whoever asks again', () => {
    made()
      .asked('admit', coming(seat), 'first')
      .asked('admit', coming(seat), 'first')
      .says(admitted([seat]))
      .asked('admit', { ...coming(seat), by: 'south-door' }, 'second')
      .doesNothing();
  });

  it('lets in on all seats of a booking at once, or on those that are left', () => {
    made()
      .asked('admit', coming(...seats))
      .says(admitted(seats));
    made()
      .asked('admit', coming(seat), 'first')
      .asked('admit', coming(...seats), 'second')
      .says(admitted([seat]), admitted(seats.slice(1)))
      .asked('admit', coming(...seats), 'third')
      .doesNothing();
  });

  it('lets nobody in before it is made, nor after the money went back', () => {
    paid().asked('admit', coming(seat)).doesNothing();
    given(ticket).asked('admit', coming(seat)).doesNothing();
    made().hears(refunded).says(revoked).asked('admit', coming(seat)).doesNothing();
  });

  it('keeps when a door let in that could not ask, and says so', () => {
    const at = '2026-11-21T11:40:00.000Z';
    made()
      .asked('admit', { ...coming(seat), at })
      .says(
        event('ticket.admitted', { ticketId, seats: [seat], by: 'north-door', at, offline: true }),
      );
  });

  it('is revoked all the same after it let in', () => {
    made()
      .asked('admit', coming(seat))
      .says(admitted([seat]))
      .hears(refunded)
      .says(revoked);
  });
});
