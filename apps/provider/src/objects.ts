import { z } from 'zod';

const metadata = z.record(z.string(), z.string());
/** Seconds since 1970 UTC, as Stripe counts. */
const seconds = z.int();
/** Minor units. */
const amount = z.int();

const cardError = z.object({
  type: z.literal('card_error'),
  code: z.string(),
  decline_code: z.string(),
  message: z.string(),
  charge: z.string().optional(),
  payment_method: z.object({ id: z.string(), object: z.literal('payment_method') }),
});

export const paymentIntent = z.object({
  id: z.string(),
  object: z.literal('payment_intent'),
  amount,
  amount_received: amount,
  canceled_at: seconds.nullable(),
  capture_method: z.literal('automatic'),
  client_secret: z.string(),
  confirmation_method: z.literal('automatic'),
  created: seconds,
  currency: z.string(),
  last_payment_error: cardError.nullable(),
  latest_charge: z.string().nullable(),
  livemode: z.literal(false),
  metadata,
  payment_method: z.string().nullable(),
  payment_method_types: z.array(z.string()),
  status: z.enum(['requires_payment_method', 'succeeded', 'canceled']),
});
/** A booking's payment: made once, confirmed until a card is good, or cancelled for good. */
export type PaymentIntent = z.output<typeof paymentIntent>;

export const charge = z.object({
  id: z.string(),
  object: z.literal('charge'),
  amount,
  amount_captured: amount,
  amount_refunded: amount,
  captured: z.boolean(),
  created: seconds,
  currency: z.string(),
  failure_code: z.string().nullable(),
  failure_message: z.string().nullable(),
  livemode: z.literal(false),
  metadata,
  paid: z.boolean(),
  payment_intent: z.string(),
  payment_method: z.string(),
  refunded: z.boolean(),
  status: z.enum(['succeeded', 'failed']),
});
/** One card asked for the money of an intent, with success or without. */
export type Charge = z.output<typeof charge>;

export const refund = z.object({
  id: z.string(),
  object: z.literal('refund'),
  amount,
  charge: z.string(),
  created: seconds,
  currency: z.string(),
  failure_reason: z.string().optional(),
  metadata,
  payment_intent: z.string(),
  reason: z.null(),
  status: z.enum(['pending', 'succeeded', 'failed']),
});
/** Money given back, on its way, or that could not be. */
export type Refund = z.output<typeof refund>;

export const stripeObject = z.discriminatedUnion('object', [paymentIntent, charge, refund]);
/** Anything that is kept. */
export type StripeObject = z.output<typeof stripeObject>;
