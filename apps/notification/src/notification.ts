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
type MailOf<O extends Occasion> = { about: O; showId: string; facts: FactsOf[O] };
/** A mail, and which request for a copy it answers, if any. */
export type MailArgs = { [O in Occasion]: MailOf<O> & { copy?: string } }[Occasion];

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
  /** Requests for a copy that are not answered yet, by id. */
  readonly copies: readonly string[];
}

const unknown: Correspondence = {
  booking: null,
  refused: null,
  failed: null,
  refunded: null,
  ticket: null,
  copies: [],
};

/**
 * The one letter that says how the booking stands by what is known so far. A refund after a failure
 * is bookkeeping, and a ticket whose money went back is none.
 */
const newest = ({
  booking,
  refused,
  failed,
  refunded,
  ticket,
}: Correspondence): MailArgs | undefined => {
  if (booking === null) return undefined;
  const { showId, ...facts } = booking;
  if (refused !== null) return { about: 'refused', showId, facts: { ...facts, ...refused } };
  if (failed !== null) return { about: 'failed', showId, facts: { ...facts, reason: failed } };
  if (refunded !== null) {
    return { about: 'refunded', showId, facts: { ...facts, amount: refunded } };
  }
  return ticket === null ? undefined : { about: 'ticket', showId, facts: { ...facts, ticket } };
};

/**
 * Sends the letter that is the newest now, and as many copies as were asked for and not answered:
 * those of an older letter that are still waiting are not sent any more.
 */
const tell = (known: Correspondence): readonly Decision<never>[] => {
  const letter = newest(known);
  if (letter === undefined) return [];
  const copies = known.copies.map((copy) => mail({ ...letter, copy }));
  return [withdraw(mail), mail(letter), ...copies];
};

/** Sends it once more; who asks before there is a letter gets the copy together with it. */
const repeat = (known: Correspondence, copy: string): readonly Decision<never>[] => {
  const letter = newest(known);
  return letter === undefined ? [] : [mail({ ...letter, copy })];
};

/** It was answered, one way or the other. */
const without = (known: Correspondence, answered: string | undefined): Correspondence =>
  answered === undefined
    ? known
    : { ...known, copies: known.copies.filter((copy) => copy !== answered) };

/** Tells the customer by mail how the booking ended; it alone knows addresses and words. */
export const notification = service(
  'notification',
  { stream: 'booking', version: 2, initial: unknown, does: [mail] },
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
      'booking.copy-requested': (known, { id }) => ({ ...known, copies: [...known.copies, id] }),
      'notification.sent': (known, { data: { copy } }) => without(known, copy),
      'notification.failed': (known, { data: { copy } }) => without(known, copy),
    },
    on: {
      'booking.requested': reaction([], (known) => tell(known)),
      'seat.refused': reaction([], (known) => tell(known)),
      'payment.failed': reaction([], (known) => tell(known)),
      'payment.refunded': reaction([], (known) => (known.failed === null ? tell(known) : [])),
      'ticket.generated': reaction([], (known) =>
        known.failed === null && known.refunded === null ? tell(known) : [],
      ),
      'booking.copy-requested': reaction([], (known, { id }) => repeat(known, id)),
    },
    came: {
      mail: reaction(
        ['notification.sent', 'notification.failed'],
        (_known, { args: { about, showId, facts, copy }, ...came }) => {
          const { bookingId, section } = facts;
          const place = { bookingId, showId, section, about, ...(copy !== undefined && { copy }) };
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
      tellOf('booking.copy-requested'),
    ],
    once: { 'notification.sent': ['about', 'copy'], 'notification.failed': ['about', 'copy'] },
  },
);
