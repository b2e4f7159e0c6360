import { type BookingState, isOver } from '@ensemble/contracts/state';
import type { BookingView } from '../../schemas.ts';

/** What the customer is told first; one text for each. Nothing is said before it is a fact. */
export type Headline =
  | 'asked'
  | 'paying'
  | 'paying-late'
  | 'declined'
  | 'time-up'
  | 'paid'
  | 'delayed'
  | 'ticketed'
  | 'withdrawing'
  | 'refunding'
  | 'owed'
  | 'refused'
  | 'failed-declined'
  | 'failed-away'
  | 'failed-withdrawn'
  | 'refunded';

/** How far a step is: happened, under way, the customer's turn, not yet begun, or come to nothing. */
export type How = 'done' | 'now' | 'yours' | 'next' | 'not';

/** What a step says; one text for each. */
export type Says =
  | 'request'
  | 'withdrawal'
  | `seats-${'awaited' | 'held' | 'taken' | 'released' | 'releasing'}`
  | `payment-${'next' | 'awaited' | 'declined' | 'received' | 'failed'}`
  | `refund-${'awaited' | 'owed' | 'done'}`
  | `ticket-${'next' | 'awaited' | 'delayed' | 'made' | 'revoked'}`
  | `mail-${'next' | 'awaited' | 'sent' | 'failed'}`;

/** One step of the way, in the order in which they are taken. */
export interface Step {
  readonly says: Says;
  readonly how: How;
  /** When it happened, ISO 8601; undefined if it did not. */
  readonly at: string | undefined;
}

/** What the page says of a booking at a moment, and what can be done about it. */
export interface Told {
  readonly headline: Headline;
  readonly steps: readonly Step[];
  /** Nothing more happens unless the customer acts. */
  readonly isOver: boolean;
  /** A ticket comes by itself, if all goes well. */
  readonly awaitsTicket: boolean;
  readonly can: {
    readonly giveCard: boolean;
    readonly withdraw: boolean;
    /** Ask for the mail once more. */
    readonly copy: boolean;
  };
}

/** Whether the ticket that there was is one no more. */
export const wasRevoked = (history: BookingView['history']): boolean =>
  ['ticket.generated', 'ticket.revoked'].every((type) =>
    history.some((entry) => entry.type === type),
  );

type Last = (type: string) => string | undefined;

/** What the page says of a booking. @param now by the server's clock, milliseconds since 1970 UTC */
export const toldOf = (booking: BookingView, now: number): Told => {
  const { state, history, heldUntil } = booking;
  const last: Last = (type) => history.findLast((entry) => entry.type === type)?.at;
  const isWithdrawn = last('booking.withdrawn') !== undefined;
  const isInTime = heldUntil === undefined || now < Date.parse(heldUntil);
  const isEnd = isOver(state);
  return {
    headline: headlineOf(booking, { last, isWithdrawn, isInTime }),
    steps: isWithdrawn || isEnd ? backwards(booking, last) : forwards(booking, last),
    isOver: isEnd || (state === 'ticketed' && !isWithdrawn),
    awaitsTicket: !isWithdrawn && ['requested', 'reserved', 'paid'].includes(state),
    can: {
      giveCard: state === 'declined' && isInTime && !isWithdrawn,
      withdraw: !isEnd && !isWithdrawn && last('ticket.admitted') === undefined,
      copy: state === 'ticketed' && !isWithdrawn,
    },
  };
};

const failures: Readonly<Record<string, Headline>> = {
  declined: 'failed-declined',
  'provider-unavailable': 'failed-away',
  withdrawn: 'failed-withdrawn',
};

const headlineOf = (
  { state, reason = '', refundOwed }: BookingView,
  { last, isWithdrawn, isInTime }: { last: Last; isWithdrawn: boolean; isInTime: boolean },
): Headline => {
  if (state === 'refused' || state === 'refunded') return state;
  if (state === 'failed') return failures[reason] ?? 'failed-away';
  if (isWithdrawn && refundOwed === undefined) return 'withdrawing';
  if (isWithdrawn) return last('payment.refund-failed') === undefined ? 'refunding' : 'owed';
  const going: Readonly<Record<typeof state, Headline>> = {
    requested: 'asked',
    reserved: isInTime ? 'paying' : 'paying-late',
    declined: isInTime ? 'declined' : 'time-up',
    paid: last('ticket.delayed') === undefined ? 'paid' : 'delayed',
    ticketed: 'ticketed',
  };
  return going[state];
};

const order: readonly BookingState[] = ['requested', 'reserved', 'declined', 'paid', 'ticketed'];

/** The way of a booking that may still become a ticket, or has. */
const forwards = ({ state }: BookingView, last: Last): readonly Step[] => {
  const has = (least: BookingState): boolean => order.indexOf(state) >= order.indexOf(least);
  const step = (says: Says, how: How, type?: string): Step => ({
    says,
    how,
    at: type && last(type),
  });

  const seats = has('reserved')
    ? step('seats-held', 'done', 'seat.reserved')
    : step('seats-awaited', 'now');
  const payments: Readonly<Record<string, Step>> = {
    requested: step('payment-next', 'next'),
    reserved: step('payment-awaited', 'now'),
    declined: step('payment-declined', 'yours', 'payment.declined'),
  };
  const payment = payments[state] ?? step('payment-received', 'done', 'payment.received');
  const making = last('ticket.delayed')
    ? step('ticket-delayed', 'now', 'ticket.delayed')
    : step('ticket-awaited', 'now');
  const unmade = state === 'paid' ? making : step('ticket-next', 'next');
  const ticket = state === 'ticketed' ? step('ticket-made', 'done', 'ticket.generated') : unmade;
  const mail = state === 'ticketed' ? mailOf(last, 'ticket.generated') : step('mail-next', 'next');
  return [step('request', 'done', 'booking.requested'), seats, payment, ticket, mail];
};

/** The mail about something that happened. */
const mailOf = (last: Last, about: string): Step => {
  const since = last(about);
  const isSince = (at: string | undefined): boolean =>
    at !== undefined && since !== undefined && at >= since;
  const [sent, failed] = [last('notification.sent'), last('notification.failed')];
  if (isSince(sent)) return { says: 'mail-sent', how: 'done', at: sent };
  if (isSince(failed)) return { says: 'mail-failed', how: 'not', at: failed };
  return { says: 'mail-awaited', how: 'now', at: undefined };
};

/** The way of a booking that comes, or came, to nothing: what was is undone, each when it is. */
const backwards = (booking: BookingView, last: Last): readonly Step[] => {
  const { state, refundOwed } = booking;
  const happened = (says: Says, type: string, how: How = 'done'): Step[] => {
    const at = last(type);
    return at === undefined ? [] : [{ says, how, at }];
  };
  const awaited = (says: Says): Step[] => [{ says, how: 'now', at: undefined }];

  const refund = (): Step[] => {
    if (state === 'refunded' || last('payment.refunded') !== undefined) {
      return [{ says: 'refund-done', how: 'done', at: last('payment.refunded') }];
    }
    if (refundOwed === undefined) return [];
    const failed = happened('refund-owed', 'payment.refund-failed', 'now');
    return failed.length > 0 ? failed : awaited('refund-awaited');
  };
  const release = (): Step[] => {
    const released = happened('seats-released', 'seat.released');
    const isToCome = state === 'failed' || state === 'refunded';
    return isToCome && released.length === 0 ? awaited('seats-releasing') : released;
  };
  const mail = (): Step[] => {
    if (state === 'failed') return [mailOf(last, 'payment.failed')];
    if (state === 'refused') return [mailOf(last, 'seat.refused')];
    return state === 'refunded' ? [mailOf(last, 'payment.refunded')] : [];
  };

  return [
    ...happened('request', 'booking.requested'),
    ...happened('seats-held', 'seat.reserved'),
    ...happened('seats-taken', 'seat.refused', 'not'),
    ...happened('payment-received', 'payment.received'),
    ...happened('ticket-made', 'ticket.generated'),
    ...happened('withdrawal', 'booking.withdrawn'),
    ...happened('payment-failed', 'payment.failed', 'not'),
    ...refund(),
    ...happened('ticket-revoked', 'ticket.revoked'),
    ...release(),
    ...mail(),
  ];
};
