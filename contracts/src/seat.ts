import { z } from 'zod';
import { defineEvent } from './define.ts';
import { examplePlace, instant, money, ofBooking, seatName } from './values.ts';

const pricedSeat = z.object({ seat: seatName, price: money });
const seats = z.array(seatName).min(1).max(8);

export const seatReserved = defineEvent('seat.reserved', {
  meaning: "The seats are this booking's until `heldUntil`; payment decides before that.",
  pattern: 'state-transfer',
  data: {
    ...ofBooking,
    seats: z.array(pricedSeat).min(1).max(8),
    total: money,
    heldUntil: instant,
  },
  example: {
    ...examplePlace,
    seats: [
      { seat: 'A-12', price: { amount: 4500, currency: 'EUR' } },
      { seat: 'A-13', price: { amount: 4500, currency: 'EUR' } },
    ],
    total: { amount: 9000, currency: 'EUR' },
    heldUntil: '2026-11-21T12:10:00.000Z',
  },
});

export const seatRefused = defineEvent('seat.refused', {
  meaning: 'At least one of the seats cannot be had, so none is held; others are proposed.',
  pattern: 'state-transfer',
  data: {
    ...ofBooking,
    reason: z.enum(['taken', 'no-such-seat']),
    /** The seats that cannot be had: taken, or not in this section. */
    taken: seats,
    /** Up to three sets of free seats of the same size, the nearest first. */
    alternatives: z.array(seats).max(3),
  },
  example: {
    ...examplePlace,
    reason: 'taken',
    taken: ['A-12'],
    alternatives: [
      ['A-14', 'A-15'],
      ['B-12', 'B-13'],
    ],
  },
});

export const seatSold = defineEvent('seat.sold', {
  meaning: 'The seats were paid for and belong to the booking.',
  pattern: 'state-transfer',
  data: { ...ofBooking, seats },
  example: { ...examplePlace, seats: ['A-12', 'A-13'] },
});

export const seatReleased = defineEvent('seat.released', {
  meaning: 'The seats are free again: the booking that had them came to nothing.',
  pattern: 'state-transfer',
  data: { ...ofBooking, seats },
  example: { ...examplePlace, seats: ['A-12', 'A-13'] },
});
