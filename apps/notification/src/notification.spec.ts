import { describe, it } from '@jest/globals';
import { type Doing, idOf } from '@ensemble/choreography';
import { events } from '@ensemble/contracts';
import { event, given, interleavings, noon, type Spec, type Written } from '@ensemble/testing';
import type { FactsOf, Occasion } from './letters.ts';
import { notification } from './notification.ts';

const { bookingId, showId, section, show, seats, customer } = events['booking.requested'].example;
const booking = { bookingId, section, show, seats, customer };

const requested = event('booking.requested');
const refused = event('seat.refused');
const failed = event('payment.failed');
const refunded = event('payment.refunded');
const generated = event('ticket.generated');
/** A request for a copy, the n-th. */
const asked = (n: number): Written => event('booking.copy-requested', {}, noon + n);
const idOfAsked = (n: number): string => {
  const { type, data, time } = asked(n);
  return idOf(type, JSON.stringify(data), time ?? 0);
};
const sent = (about: Occasion, copy?: string): Written =>
  event('notification.sent', { about, ...(copy !== undefined && { copy }) });
const notSent = (about: Occasion, reason: string, copy?: string): Written =>
  event('notification.failed', { about, reason, ...(copy !== undefined && { copy }) });

const mails = <O extends Occasion>(about: O, facts: Omit<FactsOf[O], keyof typeof booking>) =>
  ({ does: 'mail', args: { about, showId, facts: { ...booking, ...facts } } }) as Doing;
const { reason, taken, alternatives } = refused.data;
const { code, links, seats: codes } = generated.data;
const ofRefusal = mails('refused', { reason, taken, alternatives });
const ofFailure = mails('failed', { reason: failed.data.reason });
const ofRefund = mails('refunded', { amount: refunded.data.amount });
const ofTicket = mails('ticket', { ticket: { code, seats: codes, links } });

const again = (mail: Doing, n: number): Doing => ({
  ...mail,
  args: { ...(mail.args as object), copy: idOfAsked(n) },
});
const isSent = { outcome: 'sent', messageId: '<1@ensemble>' };

const mailing = (): Spec => given(notification).hears(requested, generated).does(ofTicket);

describe('notification', () => {
  it.each<[Occasion, Written, Doing]>([
    ['ticket', generated, ofTicket],
    ['refused', refused, ofRefusal],
    ['failed', failed, ofFailure],
    ['refunded', refunded, ofRefund],
  ])('sends one mail about %s, whichever it hears first, and says so', (about, fact, mail) => {
    for (const order of interleavings([requested], [fact])) {
      given(notification)
        .hears(...order, ...order)
        .says()
        .does(mail)
        .came('mail', isSent)
        .says(sent(about))
        .does()
        .opens();
    }
  });

  it('sends nothing before there is something to tell', () => {
    given(notification).hears(requested).doesNothing();
  });

  it('sends nothing to whom it does not know', () => {
    given(notification).hears(refused, failed, refunded, generated).doesNothing();
  });

  it('says that a mail was refused, with the reason', () => {
    mailing()
      .came('mail', { outcome: 'refused', reason: 'the mail server said 550 to RCPT TO' })
      .says(notSent('ticket', 'the mail server said 550 to RCPT TO'))
      .opens();
  });

  it('says that a mail could not be sent once its tries are used up', () => {
    mailing().gaveUp('mail', 'no mail server').says(notSent('ticket', 'no mail server')).opens();
  });
});

describe('notification, when money goes back', () => {
  const after = (...facts: Written[]): Spec => given(notification).hears(requested, ...facts);

  it('sends one more mail when the ticket was sent', () => {
    mailing().came('mail', isSent).says(sent('ticket')).hears(refunded).does(ofRefund);
  });

  it('sends the ticket no more when its mail is still waiting', () => {
    mailing().hears(refunded).does(ofRefund).opens('mail');
  });

  it('sends no ticket that it hears of later', () => {
    after(refunded, generated).does(ofRefund);
  });

  it('sends nothing after a failure: that refund is bookkeeping', () => {
    after(failed).does(ofFailure).hears(refunded).doesNothing();
  });

  it('ends with the same one mail in whatever order it hears', () => {
    const stories: [Doing, ...Written[][]][] = [
      [ofRefund, [requested], [refunded], [generated]],
      [ofFailure, [requested], [failed, refunded]],
    ];
    for (const [mail, ...topics] of stories) {
      for (const order of interleavings(...topics)) {
        const spec = given(notification)
          .hears(...order)
          .opens('mail');
        spec.came('mail', isSent);
        spec.says(sent((mail.args as { about: Occasion }).about));
      }
    }
  });
});

describe('notification, when a letter is asked for once more', () => {
  it('sends it again, a new mail for each request, and says which request it answers', () => {
    mailing()
      .came('mail', isSent)
      .says(sent('ticket'))
      .hears(asked(1), asked(2), asked(1))
      .does(again(ofTicket, 1), again(ofTicket, 2))
      .came('mail', isSent)
      .gaveUp('mail', 'no mail server')
      .says(sent('ticket', idOfAsked(1)), notSent('ticket', 'no mail server', idOfAsked(2)))
      .opens();
  });

  it('sends the letter and the copy when it is asked before it knows what to write', () => {
    for (const order of interleavings([requested, asked(1)], [generated])) {
      given(notification)
        .hears(...order)
        .does(ofTicket, again(ofTicket, 1));
    }
  });

  it('sends the newest one: of a ticket whose money went back no copy is sent', () => {
    mailing()
      .came('mail', isSent)
      .says(sent('ticket'))
      .hears(asked(1))
      .does(again(ofTicket, 1))
      .hears(refunded)
      .does(ofRefund, again(ofRefund, 1))
      .opens('mail', 'mail')
      .hears(asked(2))
      .does(again(ofRefund, 2));
  });

  it('answers no request a second time when there is another letter', () => {
    mailing()
      .came('mail', isSent)
      .hears(asked(1))
      .came('mail', isSent)
      .says(sent('ticket'), sent('ticket', idOfAsked(1)))
      .does(again(ofTicket, 1))
      .hears(refunded)
      .does(ofRefund);
  });
});
