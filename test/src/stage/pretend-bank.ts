import type { Weather } from '@ensemble/testing/stage';

/** A payment at the provider. */
export interface Intent {
  readonly id: string;
  readonly bookingId: string;
  readonly amount: number;
  status: 'open' | 'succeeded' | 'canceled';
  charge: string | null;
  lastError: { readonly reason: string; readonly charge: string | null } | null;
}
/** Money that went back, or was to. */
export interface Refund {
  readonly id: string;
  readonly intent: string;
  readonly amount: number;
  /** Which try it was made for. */
  readonly attempt: number;
  status: 'pending' | 'succeeded' | 'failed';
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
  'refunds on their way': [0.2, 0.7],
} as const;

/** A card of the customers' on this stage. */
export const cards = {
  good: 'pm_card_visa',
  declined: 'pm_card_visa_chargeDeclined',
  /** Refused before it comes to a charge. */
  unknown: 'pm_card_unknown',
} as const;

/** What came of an attempt: the payment as it is now, or a decline. */
export type Attempted =
  Intent | { readonly reason: string; readonly charge: string | null } | 'ended';

/** A payment provider with the semantics of Stripe; each call is one request that has arrived. */
export interface Bank {
  readonly books: Books;
  /** Whether requests do not arrive just now. */
  isDown(): boolean;
  create(key: string, bookingId: string, amount: number): Intent;
  read(id: string): Intent;
  /** Charges a card. */
  confirm(key: string, id: string, card: string): Attempted;
  cancel(id: string): Intent | 'ended';
  refund(key: string, id: string, amount: number, attempt: number): Refund | 'already refunded';
  /** The refund that counts, or else the one of this attempt. */
  readRefund(id: string, attempt: number): Refund | undefined;
}

const longestOutageMs = 120_000;
const longestWayBackMs = 120_000;

/**
 * A payment provider in memory. It keeps its answer under each idempotency key, as Stripe does.
 * @param changed told when money moved
 */
export const pretendBank = ({
  weather,
  now,
  below,
  changed,
}: {
  weather: Weather<keyof typeof bankFaults>;
  now(): number;
  below(n: number): number;
  changed(bookingId: string): void;
}): Bank => {
  const intents = new Map<string, Intent>();
  const refunds: Refund[] = [];
  /** When refunds arrive that are on their way. */
  const arrivals = new Map<Refund, number>();
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
  const pass = (refund: Refund): void => {
    refund.status = weather.strikes('refunds refused') ? 'failed' : 'succeeded';
    changes += 1;
    changed(get(refund.intent).bookingId);
  };
  const readRefund = (id: string, attempt?: number): Refund | undefined => {
    for (const [refund, at] of arrivals) {
      if (at > now()) continue;
      arrivals.delete(refund);
      pass(refund);
    }
    const all = refunds.filter(({ intent }) => intent === id);
    const found =
      all.find(({ status }) => status !== 'failed') ?? all.find((each) => each.attempt === attempt);
    return found && { ...found };
  };

  return {
    books: {
      intents,
      refunds,
      get changes() {
        return changes;
      },
    },
    isDown: () => {
      if (weather.strikes('provider down')) downUntil = now() + below(longestOutageMs);
      return downUntil > now();
    },
    create: (key, bookingId, amount) =>
      once(key, () => {
        changes += 1;
        const id = `pi_${changes}`;
        const intent: Intent = {
          id,
          bookingId,
          amount,
          status: 'open',
          charge: null,
          lastError: null,
        };
        intents.set(id, intent);
        return { ...intent };
      }),
    read: (id) => ({ ...get(id) }),
    confirm: (key, id, card) =>
      once(key, () => {
        const intent = get(id);
        if (intent.status !== 'open') return 'ended';
        changes += 1;
        const charge = `ch_${changes}`;
        if (card === cards.good) {
          Object.assign(intent, { status: 'succeeded', charge, lastError: null });
          changed(intent.bookingId);
          return { ...intent };
        }
        const isCharge = card !== cards.unknown;
        intent.lastError = { reason: 'card_declined', charge: isCharge ? charge : null };
        return intent.lastError;
      }),
    cancel: (id) => {
      const intent = get(id);
      if (intent.status !== 'open') return 'ended';
      changes += 1;
      intent.status = 'canceled';
      return { ...intent };
    },
    refund: (key, id, amount, attempt) =>
      once(key, () => {
        if (readRefund(id) !== undefined) return 'already refunded';
        changes += 1;
        const refund: Refund = {
          id: `re_${changes}`,
          intent: id,
          amount,
          attempt,
          status: 'pending',
        };
        refunds.push(refund);
        if (weather.strikes('refunds on their way')) {
          arrivals.set(refund, now() + below(longestWayBackMs));
        } else pass(refund);
        return { ...refund };
      }),
    readRefund,
  };
};
