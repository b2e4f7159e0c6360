import { defineEvent } from './define.ts';
import {
  card,
  customer,
  examplePlace,
  ofBooking,
  seatsOfABooking,
  showDescription,
} from './values.ts';

export const bookingRequested = defineEvent('booking.requested', {
  meaning: 'A customer asked for these seats and said how to pay for them.',
  pattern: 'state-transfer',
  data: { ...ofBooking, show: showDescription, seats: seatsOfABooking, customer, card },
  personal: ['customer'],
  example: {
    ...examplePlace,
    show: { title: 'Hamlet', venue: 'Globe', startsAt: '2027-03-01T19:30:00.000Z' },
    seats: ['A-12', 'A-13'],
    customer: { name: 'Ada Żółć', email: 'ada@example.org' },
    card: 'pm_card_visa',
  },
});

export const bookingWithdrawn = defineEvent('booking.withdrawn', {
  meaning: 'The customer no longer wants the booking.',
  pattern: 'notification',
  data: { ...ofBooking },
  example: { ...examplePlace },
});

export const bookingCardReplaced = defineEvent('booking.card-replaced', {
  meaning: 'The customer gave another card to pay with.',
  pattern: 'state-transfer',
  data: { ...ofBooking, card },
  example: { ...examplePlace, card: 'pm_card_mastercard' },
});

export const bookingCopyRequested = defineEvent('booking.copy-requested', {
  meaning: 'The customer asked for the newest letter about the booking once more.',
  pattern: 'notification',
  data: { ...ofBooking },
  example: { ...examplePlace },
});
