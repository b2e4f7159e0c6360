import { events, type EventType, isEventType } from '@ensemble/contracts';
import type { Fact } from './fact.ts';
import { clockTime, money, oneOfThese } from './words.ts';

const seatsOf = ({ seats }: Fact): string =>
  `${seats.length === 1 ? 'seat' : 'seats'} ${oneOfThese(seats, 'and')}`;
const moneyOf = (fact: Fact): string => (fact.money === null ? 'the money' : money(fact.money));
const reasonOf = ({ fields }: Fact): string => fields['reason'] ?? 'no reason given';
const mailOf = ({ fields: { about, copy } }: Fact): string =>
  `${copy === undefined ? 'the mail' : 'a copy of the mail'} about "${about}"`;
const momentOf = (text: string | undefined): string =>
  text === undefined ? 'then' : clockTime(Date.parse(text));

/** What an event says, in a plain sentence. */
const sentences: { readonly [Type in EventType]: (fact: Fact) => string } = {
  'section.opened': () => 'The section went on sale.',
  'booking.requested': (fact) => `The customer asked for ${seatsOf(fact)}.`,
  'booking.withdrawn': () => 'The customer withdrew the booking.',
  'booking.card-replaced': () => 'The customer gave another card.',
  'booking.copy-requested': () => 'The customer asked for the letter once more.',
  'seat.reserved': (fact) =>
    `seat reserved ${seatsOf(fact)} for ${moneyOf(fact)} until ${momentOf(fact.fields['heldUntil'])}.`,
  'seat.refused': (fact) => `seat refused ${seatsOf(fact)}: ${reasonOf(fact)}.`,
  'seat.sold': (fact) => `seat sold ${seatsOf(fact)}.`,
  'seat.released': (fact) => `seat set ${seatsOf(fact)} free again.`,
  'payment.received': (fact) => `payment received ${moneyOf(fact)}.`,
  'payment.declined': (fact) =>
    `The card was declined (${reasonOf(fact)}); another may be given until ${momentOf(fact.fields['until'])}.`,
  'payment.failed': (fact) => `payment failed for good: ${reasonOf(fact)}.`,
  'payment.refunded': (fact) => `payment gave ${moneyOf(fact)} back.`,
  'payment.refund-failed': (fact) =>
    `The provider refused to give ${moneyOf(fact)} back (${reasonOf(fact)}); it will be tried again.`,
  'ticket.generated': () => 'ticket made the ticket.',
  'ticket.delayed': (fact) => `ticket cannot make the ticket just now: ${reasonOf(fact)}.`,
  'ticket.revoked': () => 'ticket revoked the ticket.',
  'ticket.admitted': (fact) =>
    `ticket let in ${seatsOf(fact)} at ${momentOf(fact.fields['at'])}, at ${fact.fields['by']}.`,
  'notification.sent': (fact) => `notification sent ${mailOf(fact)}.`,
  'notification.failed': (fact) =>
    `notification could not send ${mailOf(fact)}: ${reasonOf(fact)}.`,
};

/** A fact in a plain sentence. */
export const sentenceOf = (fact: Fact): string => {
  const { type, service } = fact;
  return isEventType(type) ? sentences[type](fact) : `${service} said ${type}.`;
};

/** What the fact of a type means to the business; empty for a stranger's. */
export const meaningOf = (type: string): string => (isEventType(type) ? events[type].meaning : '');
