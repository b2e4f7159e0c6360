import {
  type Came,
  type Context,
  type Decision,
  promise,
  reaction,
  reminder,
  say,
  service,
  toDo,
  withdraw,
} from '@ensemble/choreography';
import type { DataOf, Money } from '@ensemble/contracts';
import type {
  CancelArgs,
  Cancelled,
  ConfirmArgs,
  Confirmed,
  PrepareArgs,
  Prepared,
  RefundArgs,
  Refunded,
} from './provider.ts';

/** An attempt is given up this long after the hold has ended, in milliseconds. */
const graceMs = 10_000;
/** The provider usually answers in this time, in milliseconds; who waits longer is told so. */
const answerMs = 15_000;
const soon = { firstMs: 500, maxMs: 30_000 };
const forEver = { firstMs: 1_000, maxMs: 300_000 };
const reaches = 'payment provider';

/** Makes the PaymentIntent at the provider; no money moves. */
const prepare = toDo('prepare')<PrepareArgs, Prepared>(soon, { reaches });
/** Confirms it with a card: the charge. */
const confirm = toDo('confirm')<ConfirmArgs, Confirmed>(soon, { reaches });
/** Makes sure that nothing can be charged any more, or finds out that it was. */
const cancel = toDo('cancel')<CancelArgs, Cancelled>(forEver, { reaches });
/** Gives the money back. A definite no is an answer; the next try is a new to-do. */
const refund = toDo('refund')<RefundArgs, Refunded>(forEver, { reaches });
/** The hold has run out. */
const expire = reminder('expire');

type Place = { bookingId: string; showId: string; section: string };

/** A line of the ledger: money that came (positive), went back (negative) or did not come (0). */
export interface Entry {
  readonly what: 'received' | 'declined' | 'found' | 'refunded' | 'refund-refused';
  readonly amount: number;
  readonly receipt: string | null;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

/** A booking as `payment` remembers it. */
export interface Purse {
  readonly reservation: (Place & { readonly total: Money; readonly heldUntil: number }) | null;
  /** The cards the customer gave, in order; the n-th attempt is made with the n-th. */
  readonly cards: readonly { readonly token: string; readonly givenAt: number }[];
  readonly withdrawn: boolean;
  /** The hold has ended: an attempt under way decides, none waits for another card. */
  readonly expired: boolean;
  /** What the provider calls the payment, once it is made there. */
  readonly intent: string | null;
  /** Attempts that were declined, and the charge declined last: what is read back is another. */
  readonly declines: number;
  readonly declinedCharge: string | null;
  readonly settlement: 'received' | 'failed' | 'refunded' | null;
  readonly ledger: readonly Entry[];
}

const empty: Purse = {
  reservation: null,
  cards: [],
  withdrawn: false,
  expired: false,
  intent: null,
  declines: 0,
  declinedCharge: null,
  settlement: null,
  ledger: [],
};

/** What the ledger says we hold of the customer's money, in minor units. */
export const balance = ({ ledger }: Purse): number =>
  ledger.reduce((sum, { amount }) => sum + amount, 0);

const settle = (purse: Purse, settlement: Purse['settlement']): Purse => ({ ...purse, settlement });

const book = (purse: Purse, entry: Entry): Purse => ({
  ...purse,
  ledger: [...purse.ledger, entry],
});

const placeOf = ({ bookingId, showId, section }: Place): Place => ({ bookingId, showId, section });

type Decisions = readonly Decision<
  | 'payment.received'
  | 'payment.declined'
  | 'payment.failed'
  | 'payment.refunded'
  | 'payment.refund-failed'
>[];

/** Begins the next attempt if there is a reservation, a card given in time, and none under way. */
const attempt = (purse: Purse, { isOpen }: Context): readonly Decision<never>[] => {
  const { reservation, intent, settlement, withdrawn, declines } = purse;
  const card = purse.cards[declines];
  if (reservation === null || card === undefined || settlement !== null || withdrawn) return [];
  if (isOpen(prepare) || isOpen(confirm)) return [];
  // The card of the request was in time: seat would not have reserved for it otherwise.
  if (declines > 0 && card.givenAt >= reservation.heldUntil) return [];
  const { bookingId, total, heldUntil } = reservation;
  const until = heldUntil + graceMs;
  if (intent === null) return [prepare({ bookingId, amount: total }, { until })];
  const { declinedCharge: previousCharge } = purse;
  return [
    confirm(
      { bookingId, intent, attempt: declines + 1, card: card.token, previousCharge },
      { until },
    ),
  ];
};

/** There will be no money: what may have reached the provider is cancelled for good. */
const fail = (
  { reservation, intent }: Purse,
  reason: DataOf<'payment.failed'>['reason'],
  mayBeAtProvider: boolean,
): readonly Decision<'payment.failed'>[] => {
  if (reservation === null) return [];
  const { bookingId, total } = reservation;
  return [
    say('payment.failed', { ...placeOf(reservation), reason }),
    withdraw(expire),
    withdraw(prepare),
    withdraw(confirm),
    ...(mayBeAtProvider ? [cancel({ bookingId, amount: total, intent })] : []),
  ];
};

const giveBack = (
  { reservation, intent, ledger }: Purse,
  at?: number,
): readonly Decision<never>[] => {
  if (reservation === null || intent === null) return [];
  const refused = ledger.filter(({ what }) => what === 'refund-refused').length;
  const { bookingId, total } = reservation;
  const when = at === undefined ? {} : { at };
  return [refund({ bookingId, intent, attempt: refused + 1, amount: total }, when)];
};

const withdrawBooking = (
  purse: Purse,
  { isOpen }: Context,
): readonly Decision<'payment.failed'>[] => {
  if (purse.settlement === 'received') return isOpen(refund) ? [] : giveBack(purse);
  if (purse.settlement !== null) return [];
  return fail(purse, 'withdrawn', purse.intent !== null || isOpen(prepare));
};

const confirmed = (
  purse: Purse,
  came: Came<ConfirmArgs, Confirmed>,
  context: Context,
): Decisions => {
  const { reservation, expired } = purse;
  if (reservation === null) return [];
  const place = placeOf(reservation);
  if (!came.ok) return fail(purse, 'provider-unavailable', true);
  const { result } = came;
  if (result.outcome === 'cancelled') return fail(purse, 'provider-unavailable', true);
  if (result.outcome === 'paid') {
    const { receipt } = result;
    return [
      say('payment.received', {
        ...place,
        amount: reservation.total,
        attempt: came.args.attempt,
        receipt,
      }),
      withdraw(expire),
    ];
  }
  const next = attempt(purse, context);
  if (next.length === 0 && expired) return fail(purse, 'declined', true);
  return [
    say('payment.declined', {
      ...place,
      attempt: came.args.attempt,
      reason: result.reason,
      until: new Date(reservation.heldUntil).toISOString(),
    }),
    ...next,
  ];
};

const refunded = (purse: Purse, came: Came<RefundArgs, Refunded>, { at }: Context): Decisions => {
  const { reservation } = purse;
  if (reservation === null || !came.ok) return [];
  const place = placeOf(reservation);
  const { args, result } = came;
  if (result.outcome === 'refunded') {
    return [say('payment.refunded', { ...place, amount: args.amount, receipt: result.receipt })];
  }
  const waitMs = Math.min(forEver.maxMs, forEver.firstMs * 2 ** Math.min(args.attempt, 20));
  return [
    say('payment.refund-failed', { ...place, owed: args.amount, reason: result.reason }),
    ...giveBack(purse, at + waitMs),
  ];
};

/**
 * Decides alone between paid and not paid: keeps each hold's deadline, charges, and gives back.
 * The money is in the hands of a provider; its answers are heard as what came of to-dos.
 */
export const payment = service(
  'payment',
  {
    stream: 'booking',
    version: 1,
    initial: empty,
    does: [prepare, confirm, cancel, refund, expire],
  },
  {
    evolve: {
      'booking.requested': (purse, { data, time }) => ({
        ...purse,
        cards: [{ token: data.card, givenAt: time }, ...purse.cards],
      }),
      'booking.card-replaced': (purse, { data, time }) => ({
        ...purse,
        cards: [...purse.cards, { token: data.card, givenAt: time }],
      }),
      'booking.withdrawn': (purse) => ({ ...purse, withdrawn: true }),
      'seat.reserved': (purse, { data }) => ({
        ...purse,
        reservation: {
          ...placeOf(data),
          total: data.total,
          heldUntil: Date.parse(data.heldUntil),
        },
      }),
      'payment.received': (purse, { data: { amount, receipt }, time }) =>
        book(settle(purse, 'received'), {
          what: 'received',
          amount: amount.amount,
          receipt,
          at: time,
        }),
      'payment.failed': (purse) => settle(purse, 'failed'),
      'payment.refunded': (purse, { data: { amount, receipt }, time }) =>
        book(
          // After payment.failed a refund is bookkeeping: the booking stays failed.
          purse.settlement === 'failed' ? purse : settle(purse, 'refunded'),
          { what: 'refunded', amount: -amount.amount, receipt, at: time },
        ),
    },
    evolveCame: {
      prepare: (purse, came) => (came.ok ? { ...purse, intent: came.result.intent } : purse),
      confirm: (purse, came) =>
        came.ok && came.result.outcome === 'declined'
          ? book(
              { ...purse, declines: purse.declines + 1, declinedCharge: came.result.charge },
              { what: 'declined', amount: 0, receipt: came.result.charge, at: came.time },
            )
          : purse,
      cancel: (purse, came) =>
        came.ok && came.result.outcome === 'paid'
          ? book(
              { ...purse, intent: came.result.intent },
              {
                what: 'found',
                amount: came.args.amount.amount,
                receipt: came.result.receipt,
                at: came.time,
              },
            )
          : purse,
      refund: (purse, came) =>
        came.ok && came.result.outcome === 'refused'
          ? book(purse, { what: 'refund-refused', amount: 0, receipt: null, at: came.time })
          : purse,
      expire: (purse) => ({ ...purse, expired: true }),
    },
    on: {
      'booking.requested': reaction([], (purse, _heard, context) => attempt(purse, context)),
      'booking.card-replaced': reaction([], (purse, _heard, context) => attempt(purse, context)),
      'seat.reserved': reaction(['payment.failed'], (purse, { data: { heldUntil } }, context) =>
        purse.withdrawn
          ? fail(purse, 'withdrawn', false)
          : [expire(null, { at: Date.parse(heldUntil) }), ...attempt(purse, context)],
      ),
      'booking.withdrawn': reaction(['payment.failed'], (purse, _withdrawn, context) =>
        withdrawBooking(purse, context),
      ),
    },
    came: {
      prepare: reaction(['payment.failed'], (purse, came, context) =>
        came.ok ? attempt(purse, context) : fail(purse, 'provider-unavailable', true),
      ),
      confirm: reaction(['payment.received', 'payment.declined', 'payment.failed'], confirmed),
      cancel: reaction([], (purse, came) =>
        came.ok && came.result.outcome === 'paid' ? giveBack(purse) : [],
      ),
      refund: reaction(['payment.refunded', 'payment.refund-failed'], refunded),
      expire: reaction(['payment.failed'], (purse, _came, { isOpen }) =>
        purse.settlement !== null || isOpen(prepare) || isOpen(confirm)
          ? []
          : fail(
              purse,
              purse.declines > 0 ? 'declined' : 'provider-unavailable',
              purse.intent !== null,
            ),
      ),
    },
    promises: [
      promise('seat.reserved', {
        given: ['booking.requested'],
        oneOf: ['payment.received', 'payment.declined', 'payment.failed'],
        withinMs: answerMs,
      }),
      // What was declined may be paid with another card, until the hold has ended.
      promise('seat.reserved', {
        given: ['booking.requested'],
        oneOf: ['payment.received', 'payment.failed'],
        after: 'heldUntil',
        withinMs: graceMs + answerMs,
      }),
      promise('booking.card-replaced', {
        given: ['seat.reserved'],
        oneOf: ['payment.received', 'payment.declined', 'payment.failed'],
        withinMs: answerMs,
        unless: ['payment.received', 'payment.failed'],
      }),
      promise('booking.withdrawn', {
        given: ['seat.reserved'],
        oneOf: ['payment.failed', 'payment.refunded', 'payment.refund-failed'],
        withinMs: answerMs,
        unless: ['payment.failed', 'payment.refunded'],
      }),
      promise('payment.refund-failed', {
        oneOf: ['payment.refunded', 'payment.refund-failed'],
        withinMs: forEver.maxMs + answerMs,
      }),
    ],
    once: {
      'payment.received': [],
      'payment.declined': ['attempt'],
      'payment.failed': [],
      'payment.refunded': [],
    },
    exclusive: [['payment.received', 'payment.failed']],
  },
);
