import { describe, expect, it } from '@jest/globals';
import type { EventType } from './events.ts';
import { isOver, isSettled, isUpToCustomer, stateOf } from './state.ts';

const stateAfter = (...types: EventType[]) =>
  stateOf((type) => types.filter((each) => each === type).length);

describe('the state of a booking', () => {
  it('goes by the rank of facts, not by the last one', () => {
    expect(stateAfter('booking.requested')).toBe('requested');
    expect(stateAfter('seat.reserved', 'booking.requested')).toBe('reserved');
    expect(stateAfter('ticket.generated', 'payment.received', 'seat.reserved')).toBe('ticketed');
    expect(stateAfter('payment.received', 'payment.refunded', 'ticket.generated')).toBe('refunded');
    expect(stateAfter('payment.received', 'ticket.revoked')).toBe('refunded');
    expect(stateAfter('payment.refunded', 'payment.failed')).toBe('failed');
    expect(stateAfter('booking.withdrawn', 'seat.refused')).toBe('refused');
  });

  it('is declined while every card that was given is declined', () => {
    expect(stateAfter('seat.reserved', 'payment.declined')).toBe('declined');
    expect(stateAfter('seat.reserved', 'payment.declined', 'booking.card-replaced')).toBe(
      'reserved',
    );
    expect(stateAfter('payment.declined', 'booking.card-replaced', 'payment.declined')).toBe(
      'declined',
    );
  });

  it('tells when nothing more happens', () => {
    expect([isOver('ticketed'), isSettled('ticketed'), isUpToCustomer('ticketed')]).toEqual([
      false,
      true,
      true,
    ]);
    expect([isSettled('declined'), isUpToCustomer('declined')]).toEqual([false, true]);
    expect(isOver('refused')).toBe(true);
  });
});
