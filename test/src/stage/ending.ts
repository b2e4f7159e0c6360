import type { AnyEvent, EventType } from '@ensemble/contracts';
import { price } from './customers.ts';
import { type Invariant, short, Violation } from './violation.ts';

/** A booking when everything has come to rest. */
export interface Ending {
  readonly bookingId: string;
  /** What was published of it, in order. */
  readonly story: readonly AnyEvent[];
  readonly seats: readonly { readonly seat: string; readonly isSold: boolean }[];
  /** Seats with a valid ticket of it. */
  readonly tickets: readonly string[];
  /** What the provider has of its customer's money, in minor units. */
  readonly money: number;
}

type FinalState = 'refused' | 'failed' | 'refunded' | 'ticketed';

const finalStates: Readonly<Record<FinalState, (has: (type: EventType) => boolean) => boolean>> = {
  refused: (has) => has('seat.refused'),
  // A refund after it is bookkeeping.
  failed: (has) => has('payment.failed'),
  refunded: (has) => has('payment.received') && has('payment.refunded'),
  ticketed: (has) => has('ticket.generated') && !has('payment.refunded'),
};

const onceAtMost: Readonly<Partial<Record<EventType, Invariant>>> = {
  'booking.requested': 'requests',
  'booking.withdrawn': 'requests',
  'seat.reserved': 'seats',
  'seat.refused': 'seats',
  'seat.sold': 'seats',
  'seat.released': 'seats',
  'payment.received': 'money',
  'payment.failed': 'final',
  'payment.refunded': 'money',
  'ticket.generated': 'final',
  'ticket.delayed': 'final',
  'ticket.revoked': 'final',
};

/** Checks that a booking ended in one way, and that seats, tickets, money and mail agree. */
export const checkEnding = ({ bookingId, story, seats, tickets, money }: Ending): void => {
  const types = story.map(({ type }) => type);
  const count = (type: EventType): number => types.filter((each) => each === type).length;
  const has = (type: EventType): boolean => types.includes(type);
  const expect = (isSo: boolean, invariant: Invariant, found: string): void => {
    if (isSo) return;
    throw new Violation(invariant, `booking ${short(bookingId)} ${found} (${types.join(', ')})`);
  };

  for (const [type, invariant] of Object.entries(onceAtMost) as [EventType, Invariant][]) {
    expect(count(type) <= 1, invariant, `has ${count(type)} times ${type}`);
  }
  const states = (Object.keys(finalStates) as FinalState[]).filter((each) =>
    finalStates[each](has),
  );
  const [state] = states;
  expect(states.length === 1, 'final', `ends as ${states.join(' and ') || 'nothing'}`);
  const isTicketed = state === 'ticketed';
  expect(!isTicketed || !has('booking.withdrawn'), 'final', 'was withdrawn and has its ticket');

  const wanted = isTicketed ? wantedIn(story) : 0;
  const sold = seats.filter(({ isSold }) => isSold);
  const names = seats.map(({ seat }) => seat).join() || 'none';
  const hasItsSeats = sold.length === wanted && seats.length === wanted;
  expect(hasItsSeats, 'seats', `is ${state} and has the seats ${names}`);
  const hasPaid = money === wanted * price.amount;
  expect(hasPaid, 'money', `is ${state} and we have ${money} of its money`);
  expect(tickets.length === wanted, 'money', `is ${state} with ${tickets.length} valid tickets`);

  const about = isTicketed ? 'ticket' : state;
  const notices = story.flatMap(({ type, data }) =>
    type === 'notification.sent' || type === 'notification.failed' ? [data] : [],
  );
  const told = notices.filter((notice) => notice.about === about && notice.copy === undefined);
  expect(told.length === 1, 'final', `is ${state} and was told so ${told.length} times`);
  for (const { id } of story.filter(({ type }) => type === 'booking.copy-requested')) {
    const copies = notices.filter(({ copy }) => copy === id).length;
    expect(copies === 1, 'final', `asked for a copy and got ${copies}`);
  }
};

const wantedIn = (story: readonly AnyEvent[]): number =>
  story.flatMap(({ type, data }) => (type === 'booking.requested' ? data.seats : [])).length;
