import type { EffectsOf } from '@ensemble/choreography';
import type { payment } from '@ensemble/payment';
import type { Player } from '@ensemble/testing/stage';
import type { Attempted, Bank, Intent, Refund } from './pretend-bank.ts';

/** What does `payment`'s to-dos. */
export type PaymentEffects = EffectsOf<typeof payment>;
type Confirmed = Awaited<ReturnType<PaymentEffects['confirm']>>;
type Refunded = Awaited<ReturnType<PaymentEffects['refund']>>;

class BankAway extends Error {
  override readonly name = 'BankAway';
}

/** The provider has accepted a refund, which may yet fail. */
export class OnItsWay extends Error {
  override readonly name = 'OnItsWay';
}

/** How a payment ended; undefined while it can still be charged. */
const endOf = ({ id, status, charge }: Intent): Confirmed | undefined => {
  if (status === 'canceled') return { outcome: 'cancelled' };
  if (status === 'open') return undefined;
  return { outcome: 'paid', receipt: id, charge: charge ?? id };
};

const isIntent = (answer: Attempted): answer is Intent =>
  typeof answer === 'object' && 'status' in answer;

/**
 * `payment`'s to-dos, done at the pretend bank over a wire, in the way that `stripe.ts` does them
 * at Stripe: what may have been answered before is read back first.
 * @param prepareKey the idempotency key under which a payment is made
 */
export const paymentEffects = (
  bank: Bank,
  player: Player,
  prepareKey = (bookingId: string, _tries: number): string => `${bookingId}/prepare`,
): PaymentEffects => {
  const ask = player.wireTo('provider', {
    isAway: bank.isDown,
    failure: () => new BankAway('the provider does not answer'),
  });

  const prepare = (bookingId: string, amount: number, tries = 0): Promise<Intent> =>
    ask({
      what: `create ${bookingId.slice(0, 8)}`,
      apply: () => bank.create(prepareKey(bookingId, tries), bookingId, amount),
    });
  const read = (id: string): Promise<Intent> =>
    ask({ what: `read ${id}`, apply: () => bank.read(id) });
  const readEnd = async (id: string): Promise<Confirmed> => {
    const end = endOf(await read(id));
    if (end === undefined) throw new BankAway(`payment ${id} has not ended`);
    return end;
  };
  const readRefund = (id: string, attempt: number) =>
    ask({ what: `read refund of ${id}`, apply: () => bank.readRefund(id, attempt) });
  const endOfRefund = ({ id, status }: Refund): Refunded => {
    if (status === 'succeeded') return { outcome: 'refunded', receipt: id };
    if (status === 'failed') return { outcome: 'refused', reason: 'insufficient_funds' };
    throw new OnItsWay(`refund ${id} has not arrived`);
  };

  const readBack = async (
    id: string,
    previousCharge: string | null,
  ): Promise<Confirmed | undefined> => {
    const intent = await read(id);
    const { lastError } = intent;
    const isAnother = lastError !== null && lastError.charge !== previousCharge;
    if (intent.status === 'open' && isAnother && lastError.charge !== null) {
      return { outcome: 'declined', ...lastError };
    }
    return endOf(intent);
  };

  return {
    prepare: async ({ bookingId, amount }, { tries }) => {
      const { id } = await prepare(bookingId, amount.amount, tries);
      return { intent: id };
    },

    confirm: async ({ bookingId, intent: id, attempt, card, previousCharge }, { tries }) => {
      const before = tries > 0 ? await readBack(id, previousCharge) : undefined;
      if (before !== undefined) return before;
      const key = `${bookingId}/confirm/${attempt}`;
      const answer = await ask({
        what: `confirm ${id}`,
        apply: () => bank.confirm(key, id, card),
      });
      if (answer === 'ended') return readEnd(id);
      if (isIntent(answer)) return endOf(answer) ?? readEnd(id);
      const { reason, charge } = answer;
      return { outcome: 'declined', reason, charge: charge ?? previousCharge };
    },

    cancel: async ({ bookingId, amount, intent }) => {
      const id = intent ?? (await prepare(bookingId, amount.amount)).id;
      const answer = await ask({ what: `cancel ${id}`, apply: () => bank.cancel(id) });
      const end = answer === 'ended' ? await readEnd(id) : undefined;
      return end?.outcome === 'paid' ? { ...end, intent: id } : { outcome: 'cancelled' };
    },

    refund: async ({ bookingId, intent: id, attempt, amount }, { tries }) => {
      const before = tries > 0 || attempt > 1 ? await readRefund(id, attempt) : undefined;
      if (before !== undefined) return endOfRefund(before);
      const key = `${bookingId}/refund/${attempt}`;
      const refund = await ask({
        what: `refund ${id}`,
        apply: () => bank.refund(key, id, amount.amount, attempt),
      });
      if (refund === 'already refunded') {
        const found = await readRefund(id, attempt);
        return found === undefined ? { outcome: 'refunded', receipt: id } : endOfRefund(found);
      }
      return endOfRefund(refund);
    },
  };
};
