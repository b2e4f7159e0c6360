import type { EventType } from './events.ts';

/** How a booking stands. Nobody says it; everybody who reads its events arrives at the same. */
export const bookingStates = [
  'requested',
  'reserved',
  'declined',
  'paid',
  'ticketed',
  'refused',
  'failed',
  'refunded',
] as const;
export type BookingState = (typeof bookingStates)[number];

/** How often an event of a type is on record for a booking. */
export type CountOf = (type: EventType) => number;

/** The rank of facts: the first that holds is the state, whatever was heard last. */
const ranks: readonly (readonly [BookingState, (count: CountOf) => boolean])[] = [
  ['refused', (count) => count('seat.refused') > 0],
  // A refund after it is bookkeeping: money was found that nobody should have taken.
  ['failed', (count) => count('payment.failed') > 0],
  // A ticket is revoked only because the money went back.
  ['refunded', (count) => count('payment.refunded') + count('ticket.revoked') > 0],
  ['ticketed', (count) => count('ticket.generated') > 0],
  ['paid', (count) => count('payment.received') > 0],
  [
    'declined',
    (count) =>
      count('payment.declined') > 0 &&
      1 + count('booking.card-replaced') <= count('payment.declined'),
  ],
  ['reserved', (count) => count('seat.reserved') + count('payment.declined') > 0],
];

/** The state of a booking of which so many events of each type are on record. */
export const stateOf = (count: CountOf): BookingState =>
  ranks.find(([, holds]) => holds(count))?.[0] ?? 'requested';

/** Nothing more will be decided about a booking in this state. */
export const isOver = (state: BookingState): boolean =>
  state === 'refused' || state === 'failed' || state === 'refunded';
/** Nothing more will be decided about a booking in this state unless it is withdrawn. */
export const isSettled = (state: BookingState): boolean => state === 'ticketed' || isOver(state);
/** Nothing more happens to a booking in this state unless its customer acts. */
export const isUpToCustomer = (state: BookingState): boolean =>
  state === 'declined' || isSettled(state);
