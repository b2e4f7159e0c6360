import { z } from 'zod';
import { defineEvent } from './define.ts';
import { examplePlace, instant, money, ofBooking } from './values.ts';

const total = { amount: 9000, currency: 'EUR' };

export const paymentReceived = defineEvent('payment.received', {
  meaning: 'The money for the booking is ours.',
  pattern: 'state-transfer',
  data: {
    ...ofBooking,
    amount: money,
    attempt: z.int().min(1),
    /** What the provider calls the payment. */
    receipt: z.string().min(1).max(100),
  },
  example: { ...examplePlace, amount: total, attempt: 1, receipt: 'pi_3Q0Example' },
});

export const paymentDeclined = defineEvent('payment.declined', {
  meaning: 'The card was declined; another may be given until `until`.',
  pattern: 'state-transfer',
  data: {
    ...ofBooking,
    attempt: z.int().min(1),
    /** The provider's word for why: `card_declined`, `insufficient_funds`, … */
    reason: z.string().min(1).max(100),
    until: instant,
  },
  example: {
    ...examplePlace,
    attempt: 1,
    reason: 'card_declined',
    until: '2026-11-21T12:10:00.000Z',
  },
});

export const paymentFailed = defineEvent('payment.failed', {
  meaning: 'There will be no money for the booking, and why.',
  pattern: 'state-transfer',
  data: {
    ...ofBooking,
    reason: z.enum(['declined', 'provider-unavailable', 'withdrawn']),
  },
  example: { ...examplePlace, reason: 'declined' },
});

export const paymentRefunded = defineEvent('payment.refunded', {
  meaning: "The booking's money went back to the customer.",
  pattern: 'state-transfer',
  data: {
    ...ofBooking,
    amount: money,
    /** What the provider calls the refund. */
    receipt: z.string().min(1).max(100),
  },
  example: { ...examplePlace, amount: total, receipt: 're_3Q0Example' },
});

export const paymentRefundFailed = defineEvent('payment.refund-failed', {
  meaning: 'A refund was refused by the provider; the money is owed until another try succeeds.',
  pattern: 'state-transfer',
  data: { ...ofBooking, owed: money, reason: z.string().min(1).max(200) },
  example: { ...examplePlace, owed: total, reason: 'charge_disputed' },
});
