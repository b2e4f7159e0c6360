import {
  type Decision,
  promise,
  reaction,
  say,
  service,
  toDo,
  withdraw,
} from '@ensemble/choreography';
import type { DataOf, EventType, Money } from '@ensemble/contracts';
import type { BookingFacts, FactsOf, Occasion } from './letters.ts';
import type { Mailed } from './mail.ts';

/** What a mail is about, and the facts it is written from. Holds personal data. */
export type MailArgs = {
  [O in Occasion]: { about: O; showId: string; facts: FactsOf[O] };
}[Occasion];

/** Writes and sends a mail; about half an hour of tries. */
const mail = toDo('mail')<MailArgs, Mailed>(
  { firstMs: 1_000, maxMs: 300_000, limit: 14 },
  { reaches: 'mail server' },
);

/** The customer is told of this. */
const tellOf = (on: EventType, ...unless: readonly EventType[]) =>
  promise(on, {
    given: ['booking.requested'],
    oneOf: ['notification.sent', 'notification.failed'],
    withinMs: 30_000,
    unless,
  });

/** A booking as `notification` remembers it: whom to tell, and what there is to tell. */
export interface Correspondence {
  readonly booking: (BookingFacts & { readonly showId: string }) | null;
  readonly refused: Pick<DataOf<'seat.refused'>, 'reason' | 'taken' | 'alternatives'> | null;
  readonly failed: DataOf<'payment.failed'>['reason'] | null;
  readonly refunded: Money | null;
  readonly ticket: Pick<DataOf<'ticket.generated'>, 'code' | 'seats' | 'links'> | null;
}

const unknown: Correspondence = {
  booking: null,
  refused: null,
  failed: null,
  refunded: null,
  ticket: null,
};

/**
 * The one mail that says how the booking stands by what is known so far. A refund after a failure
 * is bookkeeping, and a ticket whose money went back is none.
 */
const tell = ({
  booking,
  refused,
  failed,
  refunded,
  ticket,
}: Correspondence): readonly Decision<never>[] => {
  if (booking === null) return [];
  const { showId, ...facts } = booking;
  if (refused !== null)
    return [mail({ about: 'refused', showId, facts: { ...facts, ...refused } })];
  if (failed !== null) {
    return [mail({ about: 'failed', showId, facts: { ...facts, reason: failed } })];
  }
  if (refunded !== null) {
    return [
      withdraw(mail),
      mail({ about: 'refunded', showId, facts: { ...facts, amount: refunded } }),
    ];
  }
  return ticket === null ? [] : [mail({ about: 'ticket', showId, facts: { ...facts, ticket } })];
};

/** Tells the customer by mail how the booking ended; it alone knows addresses and words. */
export const notification = service(
  'notification',
  { stream: 'booking', version: 1, initial: unknown, does: [mail] },
  {
    evolve: {
      'booking.requested': (known, { data }) => {
        const { bookingId, showId, section, show, seats, customer } = data;
        return { ...known, booking: { bookingId, showId, section, show, seats, customer } };
      },
      'seat.refused': (known, { data: { reason, taken, alternatives } }) => ({
        ...known,
        refused: { reason, taken, alternatives },
      }),
      'payment.failed': (known, { data: { reason } }) => ({ ...known, failed: reason }),
      'payment.refunded': (known, { data: { amount } }) => ({ ...known, refunded: amount }),
      'ticket.generated': (known, { data: { code, seats, links } }) => ({
        ...known,
        ticket: { code, seats, links },
      }),
    },
    on: {
      'booking.requested': reaction([], (known) => tell(known)),
      'seat.refused': reaction([], (known) => tell(known)),
      'payment.failed': reaction([], (known) => tell(known)),
      'payment.refunded': reaction([], (known) => (known.failed === null ? tell(known) : [])),
      'ticket.generated': reaction([], (known) =>
        known.failed === null && known.refunded === null ? tell(known) : [],
      ),
    },
    came: {
      mail: reaction(
        ['notification.sent', 'notification.failed'],
        (_known, { args: { about, showId, facts }, ...came }) => {
          const { bookingId, section } = facts;
          const place = { bookingId, showId, section, about };
          if (!came.ok) return [say('notification.failed', { ...place, reason: came.reason })];
          return came.result.outcome === 'sent'
            ? [say('notification.sent', place)]
            : [say('notification.failed', { ...place, reason: came.result.reason })];
        },
      ),
    },
    promises: [
      tellOf('seat.refused'),
      tellOf('payment.failed'),
      tellOf('payment.refunded', 'payment.failed'),
      tellOf('ticket.generated', 'payment.refunded'),
    ],
    once: { 'notification.sent': ['about'], 'notification.failed': ['about'] },
  },
);
