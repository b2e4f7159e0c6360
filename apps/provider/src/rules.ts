import { z } from 'zod';
import { type Answer, declined, invalid, missing, ok, unexpectedState } from './answer.ts';
import { verdictOn } from './cards.ts';
import type { Charge, PaymentIntent, Refund, StripeObject } from './objects.ts';

/** What comes in with a request: names for what is made, and the time. */
export interface Circumstances {
  readonly newId: (prefix: 'pi' | 'ch' | 're') => string;
  /** Seconds since 1970 UTC. */
  readonly at: number;
}

/** What a request comes to: what is kept, in one piece with what is told. */
export interface Outcome {
  readonly answer: Answer;
  readonly keeps: readonly StripeObject[];
}

const nothing = (answer: Answer): Outcome => ({ answer, keeps: [] });

/** A whole number of minor units, written out as forms do. */
const minorUnits = z
  .string()
  .regex(/^\d+$/, 'Invalid integer')
  .transform(Number)
  .pipe(z.int().min(1).max(99_999_999));

const cardsOnly = z.array(z.literal('card')).optional();

export const creation = z.strictObject({
  amount: minorUnits,
  currency: z
    .string()
    .regex(/^[A-Za-z]{3}$/, 'Invalid currency')
    .toLowerCase(),
  metadata: z.record(z.string(), z.string()).default({}),
  allowed_payment_method_types: cardsOnly,
  /** Its name in versions of the API up to 2026. */
  payment_method_types: cardsOnly,
});

/** Makes an intent; no money moves. */
export const create = (
  { amount, currency, metadata }: z.output<typeof creation>,
  { newId, at }: Circumstances,
): Outcome => {
  const id = newId('pi');
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    amount,
    amount_received: 0,
    canceled_at: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_pretend`,
    confirmation_method: 'automatic',
    created: at,
    currency,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata,
    payment_method: null,
    payment_method_types: ['card'],
    status: 'requires_payment_method',
  };
  return { answer: ok(intent), keeps: [intent] };
};

export const confirmation = z.strictObject({
  payment_method: z.string().min(1),
  error_on_requires_action: z.enum(['true', 'false']).optional(),
});

/** Asks a card for the money. After a decline another card may be tried. */
export const confirm = (
  intent: PaymentIntent,
  { payment_method: card }: z.output<typeof confirmation>,
  { newId, at }: Circumstances,
): Outcome => {
  if (intent.status !== 'requires_payment_method') {
    return nothing(unexpectedState('confirm', intent));
  }
  const verdict = verdictOn(card);
  if (verdict === undefined) return nothing(missing('PaymentMethod', card, 'payment_method', 400));
  const paid = verdict === 'approved';
  const { amount, currency, metadata } = intent;
  const charge: Charge = {
    id: newId('ch'),
    object: 'charge',
    amount,
    amount_captured: paid ? amount : 0,
    amount_refunded: 0,
    captured: paid,
    created: at,
    currency,
    failure_code: paid ? null : verdict.code,
    failure_message: paid ? null : verdict.message,
    livemode: false,
    metadata,
    paid,
    payment_intent: intent.id,
    payment_method: card,
    refunded: false,
    status: paid ? 'succeeded' : 'failed',
  };
  if (paid) {
    const succeeded: PaymentIntent = {
      ...intent,
      amount_received: amount,
      last_payment_error: null,
      latest_charge: charge.id,
      payment_method: card,
      status: 'succeeded',
    };
    return { answer: ok(succeeded), keeps: [succeeded, charge] };
  }
  const { charged, ...why } = verdict;
  const error = {
    type: 'card_error' as const,
    ...why,
    ...(charged && { charge: charge.id }),
    payment_method: { id: card, object: 'payment_method' as const },
  };
  const failed: PaymentIntent = {
    ...intent,
    last_payment_error: error,
    latest_charge: charged ? charge.id : intent.latest_charge,
  };
  return { answer: declined(error, failed), keeps: charged ? [failed, charge] : [failed] };
};

export const cancellation = z.strictObject({});

/** Ends an intent for good: it can never be charged after this. */
export const cancel = (intent: PaymentIntent, { at }: Circumstances): Outcome => {
  if (intent.status !== 'requires_payment_method') {
    return nothing(unexpectedState('cancel', intent));
  }
  const canceled: PaymentIntent = { ...intent, canceled_at: at, status: 'canceled' };
  return { answer: ok(canceled), keeps: [canceled] };
};

export const restitution = z.strictObject({
  payment_intent: z.string().min(1),
  amount: minorUnits.optional(),
  metadata: z.record(z.string(), z.string()).default({}),
});

/** Changes by how much of a charge was given back, or is on its way. */
const giving = (charge: Charge, amount: number): Charge => {
  const amount_refunded = charge.amount_refunded + amount;
  return { ...charge, amount_refunded, refunded: amount_refunded === charge.amount_captured };
};

const failedRefund = (refund: Refund): Refund => ({
  ...refund,
  status: 'failed',
  failure_reason: 'insufficient_funds',
});

/**
 * Gives a captured charge back, whole or in part.
 * @param status whether the money goes through; while it is on its way it is no more there to give
 */
export const giveBack = (
  charge: Charge | undefined,
  { payment_intent, amount, metadata }: z.output<typeof restitution>,
  { newId, at }: Circumstances,
  status: Refund['status'],
): Outcome => {
  if (charge === undefined || !charge.captured) {
    return nothing(
      invalid(
        `This PaymentIntent (${payment_intent}) does not have a successful charge to refund.`,
      ),
    );
  }
  if (charge.refunded) {
    const code = 'charge_already_refunded';
    return nothing(invalid(`Charge ${charge.id} has already been refunded.`, { code }));
  }
  const left = charge.amount_captured - charge.amount_refunded;
  const given = amount ?? left;
  if (given > left) {
    const message = `Refund amount (${given}) is greater than unrefunded amount on charge (${left})`;
    return nothing(invalid(message, { param: 'amount' }));
  }
  const refund: Refund = {
    id: newId('re'),
    object: 'refund',
    amount: given,
    charge: charge.id,
    created: at,
    currency: charge.currency,
    metadata,
    payment_intent,
    reason: null,
    status,
  };
  if (status === 'failed') {
    const failed = failedRefund(refund);
    return { answer: ok(failed), keeps: [failed] };
  }
  return { answer: ok(refund), keeps: [refund, giving(charge, given)] };
};

/** What a refund on its way comes to: it arrives, or fails by itself and the money is here again. */
export const arrive = (
  refund: Refund,
  charge: Charge,
  status: 'succeeded' | 'failed',
): readonly StripeObject[] =>
  status === 'succeeded'
    ? [{ ...refund, status }]
    : [failedRefund(refund), giving(charge, -refund.amount)];
