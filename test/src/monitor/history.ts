import { idOf } from '@ensemble/choreography';
import { type AnyEvent, events, type EventType, sourceOf, writeEvent } from '@ensemble/contracts';
import type { NewRecord } from '@ensemble/log';

const section = 'stalls';
/** So many bookings are of one show. */
const perShow = 500;

/** Who says what, in answer to what, after how many to-dos. */
type Step = readonly [type: EventType, on: EventType | null, toDos: number];

const golden: readonly Step[] = [
  ['booking.requested', null, 0],
  ['seat.reserved', 'booking.requested', 0],
  ['payment.received', 'seat.reserved', 2],
  ['seat.sold', 'payment.received', 0],
  ['ticket.generated', 'payment.received', 1],
  ['notification.sent', 'ticket.generated', 1],
];
const refused: readonly Step[] = [
  ['booking.requested', null, 0],
  ['seat.refused', 'booking.requested', 0],
  ['notification.sent', 'seat.refused', 1],
];

/** The n-th booking, from its request to the mail; of ten, one is refused. */
export const pastBooking = (n: number, time: number): readonly NewRecord[] => {
  const bookingId = idOf('booking', n);
  const showId = `past-${Math.floor(n / perShow)}`;
  const key = `${showId}/${section}`;
  const ids = new Map<EventType, string>();
  return (n % 10 === 0 ? refused : golden).map(([type, on, toDos], index) => {
    const definition = events[type];
    const { owner } = definition;
    const stream = owner === 'seat' ? key : bookingId;
    let causationId = on === null ? idOf('request', n) : (ids.get(on) ?? '');
    for (let toDo = 0; toDo < toDos; toDo += 1) {
      causationId = idOf(owner, stream, causationId, 0);
    }
    const id = idOf(owner, stream, causationId, 0);
    ids.set(type, id);
    const { value, ...message } = writeEvent({
      id,
      type,
      source: sourceOf(owner),
      time: time + index * 10,
      version: definition.version,
      key,
      correlationId: bookingId,
      causationId,
      sequence: index + 1,
      data: { ...definition.example, bookingId, showId, section },
      // Of each type its own example: that they belong together nobody knows here.
    } as unknown as AnyEvent);
    return { ...message, value: Buffer.from(value) };
  });
};
