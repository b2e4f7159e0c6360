import { describe, expect, it } from '@jest/globals';
import type { Doing } from '@ensemble/choreography';
import { type DataOf, events } from '@ensemble/contracts';
import { event, given, interleavings, noon, type Spec, type Written } from '@ensemble/testing';
import { balance, payment, type Purse } from './payment.ts';

const { bookingId } = events['seat.reserved'].example;
const total = { amount: 9000, currency: 'EUR' };
const heldUntil = Date.parse('2026-11-21T12:10:00.000Z');
const until = heldUntil + 10_000;
const hours = 3_600_000;

const requested = event('booking.requested');
const reserved = event('seat.reserved');
const withdrawn = event('booking.withdrawn');
const cardGiven = (card: string, time?: number) => event('booking.card-replaced', { card }, time);
const mastercard = cardGiven('pm_card_mastercard');

const prepares: Doing = { does: 'prepare', args: { bookingId, amount: total }, until };
const expires: Doing = { does: 'expire', args: null, at: heldUntil };
const confirms = (
  attempt = 1,
  card = 'pm_card_visa',
  previousCharge: string | null = null,
): Doing => ({
  does: 'confirm',
  args: { bookingId, intent: 'pi_1', attempt, card, previousCharge },
  until,
});
const cancels = (intent: string | null = 'pi_1'): Doing => ({
  does: 'cancel',
  args: { bookingId, amount: total, intent },
});
const refunds = (attempt = 1, at?: number): Doing => ({
  does: 'refund',
  args: { bookingId, intent: 'pi_1', attempt, amount: total },
  at,
});

const yes = { outcome: 'paid', receipt: 'pi_1', charge: 'ch_1' };
const no = (charge = 'ch_1') => ({ outcome: 'declined', reason: 'card_declined', charge });
const tooLate = { ...yes, intent: 'pi_1' };
const received = (attempt = 1) =>
  event('payment.received', { amount: total, attempt, receipt: 'pi_1' });
const declined = (attempt = 1) => event('payment.declined', { attempt, reason: 'card_declined' });
const failed = (reason: DataOf<'payment.failed'>['reason']) => event('payment.failed', { reason });
const refunded = event('payment.refunded', { amount: total, receipt: 're_1' });
const refundFailed = event('payment.refund-failed', { owed: total, reason: 'insufficient_funds' });

/** Stories that many specs begin with. */
const prepared = (): Spec => given(payment).hears(requested, reserved).does(expires, prepares);
const charging = (): Spec => prepared().came('prepare', { intent: 'pi_1' }).does(confirms());
const waiting = (): Spec => charging().came('confirm', no()).says(declined());
const paid = (): Spec => charging().came('confirm', yes).says(received());

describe('payment', () => {
  it('charges the card once the seats are held, and says that the money came', () => {
    given(payment)
      .hears(requested)
      .doesNothing()
      .hears(reserved)
      .does(expires, prepares)
      .came('prepare', { intent: 'pi_1' })
      .does(confirms())
      .came('confirm', yes)
      .says(received())
      .does()
      .opens();
  });

  it('says nothing to a repeat', () => {
    paid().hears(requested, reserved, requested).doesNothing();
    waiting()
      .hears(mastercard, mastercard)
      .does(confirms(2, 'pm_card_mastercard', 'ch_1'))
      .says();
    paid().hears(withdrawn, withdrawn).does(refunds()).says();
  });

  it('says nothing about seats that are not held', () => {
    given(payment).hears(requested, mastercard, withdrawn).doesNothing();
  });

  it('says the same whatever it hears first', () => {
    for (const order of interleavings<Written>([requested, mastercard], [reserved])) {
      given(payment)
        .hears(...order)
        .came('prepare', { intent: 'pi_1' })
        .came('confirm', no())
        .came('confirm', yes)
        .says(declined(), received(2))
        .opens();
    }
    for (const order of interleavings<Written>([requested, withdrawn], [reserved])) {
      given(payment)
        .hears(...order)
        .says(failed('withdrawn'));
    }
  });
});

describe('payment, when a card is declined', () => {
  it('says until when another may be given', () => {
    charging().came('confirm', no()).says(declined()).does().opens('expire');
  });

  it('charges a card that is given in time', () => {
    waiting()
      .hears(mastercard)
      .does(confirms(2, 'pm_card_mastercard', 'ch_1'))
      .came('confirm', yes)
      .says(received(2))
      .opens();
  });

  it('charges a card that was given in time, however late it hears of it', () => {
    waiting()
      .at(heldUntil + 5 * hours)
      .hears(cardGiven('pm_card_mastercard', heldUntil - 1))
      .does(confirms(2, 'pm_card_mastercard', 'ch_1'))
      .came('expire')
      .doesNothing()
      .came('confirm', yes)
      .says(received(2));
  });

  it('does not charge a card that was given too late', () => {
    waiting()
      .hears(cardGiven('pm_card_mastercard', heldUntil))
      .doesNothing()
      .came('expire')
      .says(failed('declined'))
      .does(cancels());
  });

  it('charges a card that was given meanwhile', () => {
    charging()
      .hears(mastercard)
      .doesNothing()
      .came('confirm', no())
      .says(declined())
      .does(confirms(2, 'pm_card_mastercard', 'ch_1'));
  });

  it('charges a card that was given meanwhile also when the hold has ended', () => {
    charging()
      .hears(mastercard)
      .came('expire')
      .came('confirm', no())
      .says(declined())
      .does(confirms(2, 'pm_card_mastercard', 'ch_1'))
      .came('confirm', no('ch_2'))
      .says(failed('declined'))
      .does(cancels());
  });

  it('charges the cards in the order in which they were given', () => {
    charging()
      .hears(mastercard, cardGiven('pm_card_amex'))
      .came('confirm', no())
      .does(confirms(2, 'pm_card_mastercard', 'ch_1'))
      .came('confirm', no('ch_2'))
      .does(confirms(3, 'pm_card_amex', 'ch_2'))
      .says(declined(1), declined(2));
  });

  it('charges no card once it has decided', () => {
    paid().hears(mastercard).doesNothing();
    waiting()
      .came('expire')
      .says(failed('declined'))
      .does(cancels())
      .hears(mastercard)
      .doesNothing();
  });
});

describe('payment, when the hold ends', () => {
  it('fails if nobody gave another card', () => {
    waiting().came('expire').says(failed('declined')).does(cancels()).opens('cancel');
  });

  it('waits for the attempt under way, whose outcome decides', () => {
    charging().came('expire').doesNothing().came('confirm', yes).says(received()).opens();
    charging().came('expire').came('confirm', no()).says(failed('declined')).does(cancels());
    prepared().came('expire').doesNothing().came('prepare', { intent: 'pi_1' }).does(confirms());
  });

  it('has nothing to be reminded of when it is paid', () => {
    paid().opens();
  });

  it('begins no attempt after it has failed', () => {
    given(payment)
      .hears(reserved)
      .does(expires)
      .came('expire')
      .says(failed('provider-unavailable'))
      .does()
      .hears(requested, mastercard)
      .doesNothing();
  });
});

describe('payment, when the provider is away', () => {
  it('fails once the attempt is given up, and cancels what may have happened', () => {
    charging()
      .gaveUp('confirm')
      .says(failed('provider-unavailable'))
      .does(cancels())
      .opens('cancel')
      .came('cancel', { outcome: 'cancelled' })
      .doesNothing()
      .opens();
  });

  it('cancels also what it never got to know the name of', () => {
    prepared().gaveUp('prepare').says(failed('provider-unavailable')).does(cancels(null));
  });

  it('fails when the provider has ended the payment', () => {
    charging()
      .came('confirm', { outcome: 'cancelled' })
      .says(failed('provider-unavailable'))
      .does(cancels());
  });

  it('gives back what turns out to be paid; the booking stays failed', () => {
    const spec = prepared()
      .gaveUp('prepare')
      .says(failed('provider-unavailable'))
      .does(cancels(null))
      .came('cancel', tooLate)
      .says()
      .does(refunds());
    expect(balance(spec.remembers as Purse)).toBe(9000);
    spec.came('refund', { outcome: 'refunded', receipt: 're_1' }).says(refunded).does().opens();
    expect(spec.remembers).toMatchObject({ settlement: 'failed' });
    expect(balance(spec.remembers as Purse)).toBe(0);
  });
});

describe('payment, when it was down for hours', () => {
  it('gives every reservation that was made in time its attempt', () => {
    given(payment)
      .at(heldUntil + 5 * hours)
      .hears({ ...requested, time: noon }, { ...reserved, time: noon })
      .does(expires, prepares)
      .came('expire')
      .doesNothing()
      .came('prepare', { intent: 'pi_1' })
      .does(confirms())
      .came('confirm', yes)
      .says(received());
  });
});

describe('payment, when the customer withdraws', () => {
  it('fails as soon as the seats are held, and asks the provider for nothing', () => {
    given(payment)
      .hears(requested, withdrawn)
      .doesNothing()
      .hears(reserved)
      .says(failed('withdrawn'))
      .does()
      .opens();
  });

  it('fails while it waits for another card', () => {
    waiting().hears(withdrawn).says(failed('withdrawn')).does(cancels()).opens('cancel');
  });

  it('fails while it prepares, and charges no more', () => {
    prepared().hears(withdrawn).says(failed('withdrawn')).does(cancels(null)).opens('cancel');
  });

  it('fails while it charges, and gives back what turns out to be paid', () => {
    charging()
      .hears(withdrawn)
      .says(failed('withdrawn'))
      .does(cancels())
      .opens('cancel')
      .came('cancel', tooLate)
      .does(refunds())
      .came('refund', { outcome: 'refunded', receipt: 're_1' })
      .says(refunded)
      .opens();
  });

  it('gives the money back', () => {
    paid()
      .hears(withdrawn)
      .does(refunds())
      .came('refund', { outcome: 'refunded', receipt: 're_1' })
      .says(refunded)
      .does()
      .opens();
  });

  it('answers once, however often that is said', () => {
    const again = event('booking.withdrawn', {}, noon + 1);
    paid().hears(withdrawn).does(refunds()).hears(again).doesNothing();
    paid()
      .hears(withdrawn)
      .came('refund', { outcome: 'refunded', receipt: 're_1' })
      .says(refunded)
      .does(refunds())
      .hears(again)
      .doesNothing();
    waiting().hears(withdrawn).says(failed('withdrawn')).does(cancels()).hears(again).doesNothing();
  });

  it('says nothing when it has failed already', () => {
    waiting()
      .came('expire')
      .says(failed('declined'))
      .does(cancels())
      .hears(withdrawn)
      .doesNothing();
  });
});

describe('payment, when a refund is refused', () => {
  const refused = { outcome: 'refused', reason: 'insufficient_funds' };

  it('says what is owed and tries anew, later and later, until it is done', () => {
    const spec = paid().hears(withdrawn).does(refunds());
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      const waitMs = Math.min(300_000, 1000 * 2 ** attempt);
      spec
        .came('refund', refused)
        .says(refundFailed)
        .does(refunds(attempt + 1, noon + waitMs))
        .opens('refund');
      expect(balance(spec.remembers as Purse)).toBe(9000);
    }
    spec.came('refund', { outcome: 'refunded', receipt: 're_1' }).says(refunded).does().opens();
    expect(balance(spec.remembers as Purse)).toBe(0);
  });

  it('is owed also after a failure', () => {
    charging()
      .gaveUp('confirm')
      .says(failed('provider-unavailable'))
      .does(cancels())
      .came('cancel', tooLate)
      .does(refunds())
      .came('refund', refused)
      .says(refundFailed)
      .does(refunds(2, noon + 2000));
  });

  it('does not ask twice when the customer withdraws again', () => {
    paid()
      .hears(withdrawn)
      .came('refund', refused)
      .says(refundFailed)
      .does(refunds(), refunds(2, noon + 2000))
      .hears(event('booking.withdrawn', {}, noon + 1))
      .doesNothing();
  });
});

it('payment keeps a ledger that adds up to the money it holds', () => {
  const held = (spec: Spec): number => balance(spec.remembers as Purse);
  expect([prepared(), charging(), waiting(), paid()].map(held)).toEqual([0, 0, 0, 9000]);
  const { ledger } = waiting().hears(mastercard).came('confirm', yes).remembers as Purse;
  expect(ledger).toEqual([
    { what: 'declined', amount: 0, receipt: 'ch_1', at: noon },
    { what: 'received', amount: 9000, receipt: 'pi_1', at: noon },
  ]);
});
