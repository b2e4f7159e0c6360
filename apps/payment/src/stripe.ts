import Stripe from 'stripe';
import {
  type Cancelled,
  type Confirmed,
  type PaymentProvider,
  type PrepareArgs,
  ProviderAway,
  type Refunded,
} from './provider.ts';

export { ProviderAway };

const { StripeAuthenticationError, StripeCardError, StripeError, StripeInvalidRequestError } =
  Stripe.errors;

type Paid = Extract<Confirmed, { outcome: 'paid' }>;

/** How a payment ended; undefined while it can still be charged. */
const endOf = (intent: Stripe.PaymentIntent): Paid | { outcome: 'cancelled' } | undefined => {
  if (intent.status === 'canceled') return { outcome: 'cancelled' };
  if (intent.status !== 'succeeded') return undefined;
  const { id, latest_charge: charge } = intent;
  const chargeId = typeof charge === 'string' ? charge : charge?.id;
  return { outcome: 'paid', receipt: id, charge: chargeId ?? id };
};

const undecided = ({ status }: Stripe.PaymentIntent): ProviderAway =>
  new ProviderAway(`expected the payment to be succeeded or canceled, found ${status}`);

const hasEnded = (error: unknown): boolean =>
  error instanceof StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state';

/** The customer's card is no good: what the bank says, or that there is no such card. */
const declineOf = (
  error: unknown,
  previousCharge: string | null,
): Extract<Confirmed, { outcome: 'declined' }> | undefined => {
  if (error instanceof StripeCardError) {
    const reason = error.decline_code || error.code || 'card_declined';
    return { outcome: 'declined', reason, charge: error.charge ?? previousCharge };
  }
  if (error instanceof StripeInvalidRequestError && error.param === 'payment_method') {
    const reason = error.code ?? 'invalid_payment_method';
    return { outcome: 'declined', reason, charge: previousCharge };
  }
  return undefined;
};

/** A refund counts unless it has come to nothing. */
const counts = ({ status }: Stripe.Refund): boolean => status !== 'failed' && status !== 'canceled';

/** What a refund has come to: one on its way may yet fail, so it is looked at again later. */
const endOfRefund = (refund: Stripe.Refund): Refunded => {
  const { id, status, failure_reason: reason } = refund;
  if (status === 'succeeded') return { outcome: 'refunded', receipt: id };
  if (!counts(refund)) return { outcome: 'refused', reason: reason ?? 'unknown' };
  throw new ProviderAway(`expected the refund to be succeeded or failed, found ${status}`);
};

/** Says what went wrong without the provider's own words: they may quote the key. */
const away = (what: string, bookingId: string, cause: unknown): ProviderAway => {
  if (cause instanceof ProviderAway) {
    return new ProviderAway(`${what} of ${bookingId}: ${cause.message}`, { cause });
  }
  if (cause instanceof StripeAuthenticationError) {
    const todo = 'the provider does not accept the API key: check STRIPE_API_KEY';
    return new ProviderAway(`${what} of ${bookingId}: ${todo}`, { cause });
  }
  const found =
    cause instanceof StripeError
      ? [cause.type, cause.code, cause.statusCode].filter((word) => word !== undefined).join(' ')
      : 'no answer that can be read';
  const message = `${what} of ${bookingId}: expected an outcome, found ${found}; try again later`;
  return new ProviderAway(message, { cause });
};

const orAway =
  <Args extends { readonly bookingId: string }, Rest extends readonly unknown[], Result>(
    what: string,
    work: (args: Args, ...rest: Rest) => Promise<Result>,
  ) =>
  async (args: Args, ...rest: Rest): Promise<Result> => {
    try {
      return await work(args, ...rest);
    } catch (error) {
      throw away(what, args.bookingId, error);
    }
  };

/**
 * Payments by Stripe's API, PaymentIntents and Refunds.
 * @param options.apiUrl where the API is: protocol, host and port
 * @param options.timeoutMs silence after which a request is given up. The SDK repeats one whose
 *   connection was closed, once and with the same idempotency key, so a call may take twice that.
 */
export const stripeProvider = ({
  apiUrl,
  apiKey,
  timeoutMs,
}: {
  apiUrl: string;
  apiKey: string;
  timeoutMs: number;
}): PaymentProvider => {
  const { hostname, port, protocol } = new URL(apiUrl);
  const secure = protocol === 'https:';
  const { paymentIntents, refunds } = new Stripe(apiKey, {
    protocol: secure ? 'https' : 'http',
    host: hostname,
    port: port || (secure ? 443 : 80),
    timeout: timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
  });

  const create = ({ bookingId, amount: { amount, currency } }: PrepareArgs) =>
    paymentIntents.create(
      {
        amount,
        currency: currency.toLowerCase(),
        allowed_payment_method_types: ['card'],
        metadata: { bookingId },
      },
      { idempotencyKey: `${bookingId}/prepare` },
    );

  const readEnd = async (id: string): Promise<Paid | { outcome: 'cancelled' }> => {
    const intent = await paymentIntents.retrieve(id);
    const end = endOf(intent);
    if (end === undefined) throw undecided(intent);
    return end;
  };

  /** What an earlier try of the same attempt came to, as far as the provider knows of it. */
  const readBack = async (
    id: string,
    previousCharge: string | null,
  ): Promise<Confirmed | undefined> => {
    const intent = await paymentIntents.retrieve(id);
    const error = intent.last_payment_error;
    const end = endOf(intent);
    // An error without a charge may be an older attempt's: the key tells, by the stored answer.
    if (end !== undefined || !error?.charge || error.charge === previousCharge) return end;
    const reason = error.decline_code ?? error.code ?? 'card_declined';
    return { outcome: 'declined', reason, charge: error.charge };
  };

  /** The refund that counts, or else this attempt's: it has failed since it was made. */
  const readRefund = async (id: string, attempt: string): Promise<Stripe.Refund | undefined> => {
    // The newest come first, and none is tried after one that counts.
    const { data } = await refunds.list({ payment_intent: id, limit: 100 });
    return data.find(counts) ?? data.find(({ metadata }) => metadata?.['attempt'] === attempt);
  };

  return {
    prepare: orAway('prepare', async (args) => {
      const { id } = await create(args);
      return { intent: id };
    }),

    confirm: orAway('confirm', async (args, { tries }) => {
      const { bookingId, intent: id, attempt, card, previousCharge } = args;
      const before = tries > 0 ? await readBack(id, previousCharge) : undefined;
      if (before !== undefined) return before;
      try {
        const intent = await paymentIntents.confirm(
          id,
          // Nobody is there to consent to anything: a card that asks for it is declined.
          { payment_method: card, error_on_requires_action: true },
          { idempotencyKey: `${bookingId}/confirm/${attempt}` },
        );
        const end = endOf(intent);
        if (end === undefined) throw undecided(intent);
        return end;
      } catch (error) {
        if (hasEnded(error)) return await readEnd(id);
        const declined = declineOf(error, previousCharge);
        if (declined === undefined) throw error;
        return declined;
      }
    }),

    cancel: orAway('cancel', async ({ bookingId, amount, intent }): Promise<Cancelled> => {
      const id = intent ?? (await create({ bookingId, amount })).id;
      // No key of ours: a stored answer would be older than the payment's state.
      const end = await paymentIntents.cancel(id).then(endOf, (error: unknown) => {
        if (hasEnded(error)) return readEnd(id);
        throw error;
      });
      if (end === undefined)
        throw new ProviderAway('expected the payment to be cancelled or succeeded: it is neither');
      return end.outcome === 'paid' ? { ...end, intent: id } : end;
    }),

    refund: orAway('refund', async (args, { tries }): Promise<Refunded> => {
      const { bookingId, intent: id, amount } = args;
      const attempt = String(args.attempt);
      const before = tries > 0 || args.attempt > 1 ? await readRefund(id, attempt) : undefined;
      if (before !== undefined) return endOfRefund(before);
      try {
        const refund = await refunds.create(
          { payment_intent: id, amount: amount.amount, metadata: { attempt } },
          { idempotencyKey: `${bookingId}/refund/${attempt}` },
        );
        return endOfRefund(refund);
      } catch (error) {
        const definite =
          error instanceof StripeInvalidRequestError || error instanceof StripeCardError;
        if (!definite) throw error;
        if (error.code !== 'charge_already_refunded') {
          return { outcome: 'refused', reason: error.code ?? error.rawType ?? 'unknown' };
        }
        const found = await readRefund(id, attempt);
        return found === undefined ? { outcome: 'refunded', receipt: id } : endOfRefund(found);
      }
    }),
  };
};
