import type { AnyEvent } from '@ensemble/contracts';
import { short, Violation } from './violation.ts';

/** Who has which seat, and a valid ticket for it, by what was published. */
export interface SeatChart {
  /** @throws Violation if somebody else has the seat, or came in on it */
  take(event: AnyEvent): void;
  /** The seats a booking has, held or sold. */
  seatsOf(bookingId: string): { readonly seat: string; readonly isSold: boolean }[];
  /** The seats that a booking has a valid ticket for. */
  ticketsOf(bookingId: string): string[];
}

export const seatChart = (): SeatChart => {
  const holders = new Map<string, { readonly bookingId: string; readonly isSold: boolean }>();
  const tickets = new Map<string, string>();
  /** Seats on which somebody was let in, each with the booking. */
  const entered = new Set<string>();

  const enter = (seat: string, bookingId: string): void => {
    const who = `${short(bookingId)} came in on ${seat}`;
    if (tickets.get(seat) !== bookingId) throw new Violation('door', `${who} without a ticket`);
    const place = `${seat} ${bookingId}`;
    if (entered.has(place)) throw new Violation('door', `${who} twice`);
    entered.add(place);
  };

  const give = (seat: string, bookingId: string, isSold: boolean): void => {
    const holder = holders.get(seat)?.bookingId;
    if (isSold ? holder !== bookingId : holder !== undefined) {
      const who = holder === undefined ? 'nobody' : short(holder);
      throw new Violation('seats', `${seat} goes to ${short(bookingId)} while ${who} has it`);
    }
    holders.set(seat, { bookingId, isSold });
  };

  const admit = (seat: string, bookingId: string): void => {
    const other = tickets.get(seat);
    if (other !== undefined) {
      const [one, two] = [other, bookingId].map(short);
      throw new Violation('seats', `${seat} has a ticket of ${one} and one of ${two}`);
    }
    tickets.set(seat, bookingId);
  };

  return {
    take: ({ type, data, key, correlationId: bookingId }) => {
      const nameOf = (seat: string): string => `${key}/${seat}`;
      if (type === 'seat.reserved') {
        for (const { seat } of data.seats) give(nameOf(seat), bookingId, false);
      } else if (type === 'seat.sold') {
        for (const seat of data.seats) give(nameOf(seat), bookingId, true);
      } else if (type === 'seat.released') {
        for (const seat of data.seats) holders.delete(nameOf(seat));
      } else if (type === 'ticket.generated') {
        for (const { seat } of data.seats) admit(nameOf(seat), bookingId);
      } else if (type === 'ticket.admitted') {
        for (const seat of data.seats) enter(nameOf(seat), bookingId);
      } else if (type === 'ticket.revoked') {
        for (const [seat, holder] of tickets) if (holder === bookingId) tickets.delete(seat);
      }
    },
    seatsOf: (bookingId) =>
      [...holders].flatMap(([seat, { bookingId: holder, isSold }]) =>
        holder === bookingId ? [{ seat, isSold }] : [],
      ),
    ticketsOf: (bookingId) =>
      [...tickets].flatMap(([seat, holder]) => (holder === bookingId ? [seat] : [])),
  };
};
