import { type EffectsOf } from '@ensemble/choreography';
import type { payment } from '@ensemble/payment';
import type { Player, Weather, Wire } from '@ensemble/testing/stage';

/** A payment at the provider. */
export interface Intent {
  readonly id: string;
  readonly bookingId: string;
  readonly amount: number;
  status: 'open' | 'succeeded' | 'canceled';
  charge: string | null;
  lastError: { readonly reason: string; readonly charge: string | null } | null;
}
export interface Refund {
  readonly id: string;
  readonly intent: string;
  readonly amount: number;
  readonly status: 'succeeded' | 'failed';
}
/** What the provider has on its books. */
export interface Books {
  readonly intents: ReadonlyMap<string, Intent>;
  readonly refunds: readonly Refund[];
  /** Changes made, of whatever kind. */
  readonly changes: number;
}

/** What can go wrong at the provider. */
export const bankFaults = {
  'provider down': [0.005, 0.05],
  'refunds refused': [0.2, 0.7],
} as const;

export type PaymentEffects = EffectsOf<typeof payment>;
type Confirmed = Awaited<ReturnType<PaymentEffects['confirm']>>;

/** A card of the customers' on this stage. */
export const cards = {
  good: 'pm_card_visa',
  declined: 'pm_card_visa_chargeDeclined',
  /** Refused before it comes to a charge. */
  unknown: 'pm_card_unknown',
} as const;

type Answer = Intent | 'ended' | { readonly reason: string; readonly charge: string | null };
const isIntent = (answer: Answer): answer is Intent =>
  typeof answer === 'object' && 'status' in answer;
const endOf = ({ id, status, charge }: Intent): Confirmed | undefined => {
  if (status === 'canceled') return { outcome: 'cancelled' };
  return status === 'succeeded'
    ? { outcome: 'paid', receipt: id, charge: charge ?? id }
    : undefined;
};

class BankAway extends Error {
  override readonly name = 'BankAway';
}

const longestOutageMs = 120_000;

/**
 * A payment provider in memory with the semantics of Stripe: PaymentIntents, refunds, and an
 * answer kept under each idempotency key.
 * @param changed told when money moved
 * @param prepareKey the idempotency key under which a payment is made
 */
export const pretendBank = ({
  weather,
  now,
  below,
  changed,
  prepareKey = (bookingId) => `${bookingId}/prepare`,
}: {
  weather: Weather<keyof typeof bankFaults>;
  now(): number;
  below(n: number): number;
  changed(bookingId: string): void;
  prepareKey?: ((bookingId: string, tries: number) => string) | undefined;
}): { books: Books; effectsFor(player: Player): PaymentEffects } => {
  const intents = new Map<string, Intent>();
  const refunds: Refund[] = [];
  const kept = new Map<string, unknown>();
  let downUntil = 0;
  let changes = 0;

  const once = <Result>(key: string, make: () => Result): Result => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as Result;
  };
  const get = (id: string): Intent => {
    const intent = intents.get(id);
    if (intent === undefined) throw new Error(`the provider knows no payment ${id}`);
    return intent;
  };

  const create = (key: string, bookingId: string, amount: number): Intent =>
    once(key, () => {
      const id = `pi_${intents.size + 1}`;
      const intent: Intent = {
        id,
        bookingId,
        amount,
        status: 'open',
        charge: null,
        lastError: null,
      };
      intents.set(id, intent);
      changes += 1;
      return intent;
    });

  const charge = (key: string, id: string, card: string): Answer =>
    once(key, () => {
      const intent = get(id);
      if (intent.status !== 'open') return 'ended';
      changes += 1;
      const name = `ch_${changes}`;
      if (card === cards.good) {
        Object.assign(intent, { status: 'succeeded', charge: name, lastError: null });
        changed(intent.bookingId);
        return { ...intent };
      }
      intent.lastError = { reason: 'card_declined', charge: card === cards.unknown ? null : name };
      return intent.lastError;
    });

  const end = (id: string): Answer => {
    const intent = get(id);
    if (intent.status !== 'open') return 'ended';
    changes += 1;
    intent.status = 'canceled';
    return { ...intent };
  };

  const giveBack = (key: string, id: string, amount: number): Refund | 'already refunded' =>
    once(key, () => {
      if (refunds.some((each) => each.intent === id && each.status === 'succeeded')) {
        return 'already refunded';
      }
      const status = weather.strikes('refunds refused') ? 'failed' : 'succeeded';
      const refund: Refund = { id: `re_${refunds.length + 1}`, intent: id, amount, status };
      refunds.push(refund);
      changes += 1;
      changed(get(id).bookingId);
      return refund;
    });

  const effectsFor = (player: Player): PaymentEffects => {
    const ask: Wire = player.wireTo('provider', {
      isAway: () => {
        if (weather.strikes('provider down')) downUntil = now() + below(longestOutageMs);
        return downUntil > now();
      },
      failure: () => new BankAway('the provider does not answer'),
    });
    const read = (id: string): Promise<Intent> =>
      ask({ what: `read ${id}`, apply: () => ({ ...get(id) }) });
    const readEnd = async (id: string) => {
      const ended = endOf(await read(id));
      if (ended === undefined) throw new BankAway(`payment ${id} has not ended`);
      return ended;
    };
    const readRefund = async (id: string): Promise<Refund | undefined> =>
      ask({
        what: `read refunds ${id}`,
        apply: () => refunds.find(({ intent, status }) => intent === id && status === 'succeeded'),
      });
    const prepare = (bookingId: string, amount: number, tries = 0): Promise<Intent> =>
      ask({
        what: `create ${bookingId.slice(0, 8)}`,
        apply: () => create(prepareKey(bookingId, tries), bookingId, amount),
      });

    return {
      prepare: async ({ bookingId, amount }, { tries }) => ({
        intent: (await prepare(bookingId, amount.amount, tries)).id,
      }),

      confirm: async ({ bookingId, intent: id, attempt, card, previousCharge }, { tries }) => {
        if (tries > 0) {
          const before = await read(id);
          const ended = endOf(before);
          if (ended !== undefined) return ended;
          const { lastError } = before;
          if (lastError?.charge && lastError.charge !== previousCharge) {
            return { outcome: 'declined', ...lastError };
          }
        }
        const answer = await ask({
          what: `confirm ${id}`,
          apply: () => charge(`${bookingId}/confirm/${attempt}`, id, card),
        });
        if (answer === 'ended') return readEnd(id);
        if (isIntent(answer)) return endOf(answer) ?? readEnd(id);
        return {
          outcome: 'declined',
          reason: answer.reason,
          charge: answer.charge ?? previousCharge,
        };
      },

      cancel: async ({ bookingId, amount, intent }) => {
        const id = intent ?? (await prepare(bookingId, amount.amount)).id;
        const answer = await ask({ what: `cancel ${id}`, apply: () => end(id) });
        const ended = answer === 'ended' ? await readEnd(id) : undefined;
        return ended?.outcome === 'paid' ? { ...ended, intent: id } : { outcome: 'cancelled' };
      },

      refund: async ({ bookingId, intent: id, attempt, amount }, { tries }) => {
        const before = tries > 0 || attempt > 1 ? await readRefund(id) : undefined;
        if (before !== undefined) return { outcome: 'refunded', receipt: before.id };
        const refund = await ask({
          what: `refund ${id}`,
          apply: () => giveBack(`${bookingId}/refund/${attempt}`, id, amount.amount),
        });
        if (refund === 'already refunded') {
          return { outcome: 'refunded', receipt: (await readRefund(id))?.id ?? id };
        }
        return refund.status === 'succeeded'
          ? { outcome: 'refunded', receipt: refund.id }
          : { outcome: 'refused', reason: 'insufficient_funds' };
      },
    };
  };

  return {
    books: {
      intents,
      refunds,
      get changes() {
        return changes;
      },
    },
    effectsFor,
  };
};
