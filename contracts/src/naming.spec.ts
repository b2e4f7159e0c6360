import { describe, expect, it } from '@jest/globals';
import { eventTypes } from './events.ts';
import { objectionTo } from './naming.ts';

describe('the name of an event', () => {
  it.each(eventTypes)('%s is one', (type) => expect(objectionTo(type)).toBeUndefined());

  it.each([
    ['customer.needs-to-be-sent-a-message', 'expected a noun with an owner, found customer'],
    ['notification.needs-to-be-sent', 'expected a fact, found a command in disguise'],
    ['ticket.to-be-generated', 'expected a fact, found a command in disguise'],
    ['seat.released-for-others', 'expected a fact, found a command in disguise'],
    ['payment.required', 'expected a fact, found a command in disguise: required'],
    ['payment.requested', 'only customers request'],
    ['booking.updated', 'expected what happened, found what a record went through: updated'],
    ['seat.deleted', 'found what a record went through: deleted'],
    ['payment.charge', 'expected a past participle, found charge'],
    ['ticket.generate-now', 'expected a past participle, found now'],
    ['refund.failed', 'expected a noun with an owner, found refund'],
    ['constructor.called', 'expected a noun with an owner, found constructor'],
    ['seat', 'expected noun.participle in lower case, found seat'],
    ['Seat.Reserved', 'expected noun.participle in lower case, found Seat.Reserved'],
    ['seat.row.reserved', 'expected noun.participle in lower case, found seat.row.reserved'],
    ['seat.-reserved', 'expected noun.participle in lower case, found seat.-reserved'],
  ])('%s is none', (type, why) => expect(objectionTo(type)).toContain(why));
});
