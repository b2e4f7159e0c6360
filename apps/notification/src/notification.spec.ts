import { describe, it } from '@jest/globals';
import type { Doing } from '@ensemble/choreography';
import { events } from '@ensemble/contracts';
import { event, given, interleavings, type Spec, type Written } from '@ensemble/testing';
import type { FactsOf, Occasion } from './letters.ts';
import { notification } from './notification.ts';

const { bookingId, showId, section, show, seats, customer } = events['booking.requested'].example;
const booking = { bookingId, section, show, seats, customer };

const requested = event('booking.requested');
const refused = event('seat.refused');
const failed = event('payment.failed');
const refunded = event('payment.refunded');
const generated = event('ticket.generated');
const sent = (about: Occasion): Written => event('notification.sent', { about });
const notSent = (about: Occasion, reason: string): Written =>
  event('notification.failed', { about, reason });

const mails = <O extends Occasion>(about: O, facts: Omit<FactsOf[O], keyof typeof booking>) =>
  ({ does: 'mail', args: { about, showId, facts: { ...booking, ...facts } } }) as Doing;
const { reason, taken, alternatives } = refused.data;
const { code, links, seats: codes } = generated.data;
const ofRefusal = mails('refused', { reason, taken, alternatives });
const ofFailure = mails('failed', { reason: failed.data.reason });
const ofRefund = mails('refunded', { amount: refunded.data.amount });
const ofTicket = mails('ticket', { ticket: { code, seats: codes, links } });

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
        .came('mail', { outcome: 'sent', messageId: '<1@ensemble>' })
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
    mailing()
      .came('mail', { outcome: 'sent', messageId: '<1@ensemble>' })
      .says(sent('ticket'))
      .hears(refunded)
      .does(ofRefund);
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
        spec.came('mail', { outcome: 'sent', messageId: '<1@ensemble>' });
        spec.says(sent((mail.args as { about: Occasion }).about));
      }
    }
  });
});
