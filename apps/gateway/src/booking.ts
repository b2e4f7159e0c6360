import { inOrder } from '@ensemble/choreography';
import {
  type AnyEvent,
  type BookingState,
  type EventType,
  type Money,
  stateOf,
} from '@ensemble/contracts';
import type { BookingView } from './schemas.ts';

type Of<Type extends EventType> = Extract<AnyEvent, { type: Type }>;
const isA =
  <Type extends EventType>(type: Type) =>
  (event: AnyEvent): event is Of<Type> =>
    event.type === type;

/** What is known of a booking, fact by fact; undefined is not (yet) a fact. */
const factsOf = (events: readonly AnyEvent[]) => {
  return {
    state: stateOf((type) => events.filter(isA(type)).length),
    requested: events.find(isA('booking.requested')),
    withdrawn: events.find(isA('booking.withdrawn')),
    reserved: events.find(isA('seat.reserved')),
    refused: events.find(isA('seat.refused')),
    received: events.find(isA('payment.received')),
    declined: events.findLast(isA('payment.declined')),
    failed: events.find(isA('payment.failed')),
    refundFailed: events.findLast(isA('payment.refund-failed')),
    // A ticket is revoked only because the money went back.
    refunded: events.find(isA('payment.refunded')) ?? events.find(isA('ticket.revoked')),
    generated: events.find(isA('ticket.generated')),
  };
};
type Facts = ReturnType<typeof factsOf>;

const reasonOf = (state: BookingState, facts: Facts): string | undefined => {
  if (state === 'refused') return facts.refused?.data.reason;
  if (state === 'failed') return facts.failed?.data.reason;
  return state === 'declined' ? facts.declined?.data.reason : undefined;
};

const owedOf = ({ refunded, refundFailed, withdrawn, received }: Facts): Money | undefined => {
  if (refunded !== undefined) return undefined;
  if (refundFailed !== undefined) return refundFailed.data.owed;
  return withdrawn === undefined ? undefined : received?.data.amount;
};

const times = (price: Money | undefined, count: number): Money | undefined =>
  price && { amount: price.amount * count, currency: price.currency };

const entryOf = ({ time, type, source, data }: AnyEvent): BookingView['history'][number] => ({
  at: new Date(time).toISOString(),
  type,
  by: type.startsWith('booking.') ? 'customer' : source.slice(source.lastIndexOf('/') + 1),
  note: 'reason' in data ? data.reason : undefined,
});

/** What a seat of a section costs, where that is known. */
export type PriceOf = (showId: string, section: string) => Money | undefined;

/**
 * A booking as its customer sees it: the same for the same set of events, whatever their order and
 * however often they came; undefined until its request is among them.
 * @param priceOf tells what the booking will cost, until `seat` has said so
 */
export const viewOf = (
  heard: readonly AnyEvent[],
  priceOf: PriceOf = () => undefined,
): BookingView | undefined => {
  const events = inOrder(heard);
  const facts = factsOf(events);
  const { state, requested, reserved, refused, declined, generated } = facts;
  if (requested === undefined) return undefined;
  const { bookingId, showId, section, seats } = requested.data;
  const isHeld = state === 'reserved' || state === 'declined';
  return {
    bookingId,
    state,
    showId,
    section,
    seats,
    total: reserved?.data.total ?? times(priceOf(showId, section), seats.length),
    heldUntil: isHeld ? (reserved?.data.heldUntil ?? declined?.data.until) : undefined,
    reason: reasonOf(state, facts),
    taken: state === 'refused' ? refused?.data.taken : undefined,
    alternatives: state === 'refused' ? refused?.data.alternatives : undefined,
    refundOwed: owedOf(facts),
    ticket: state === 'ticketed' && generated ? ticketOf(generated) : undefined,
    history: events.map(entryOf),
  };
};

const ticketOf = ({ data }: Of<'ticket.generated'>): BookingView['ticket'] => {
  const { ticketId, code, seats, links } = data;
  return { ticketId, code, seats, links };
};
