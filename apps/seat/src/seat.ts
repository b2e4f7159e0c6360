import { reaction, say, type Saying, service } from '@ensemble/choreography';
import { type DataOf, type Money, seatsOf } from '@ensemble/contracts';
import { alternatives, rowOf } from './alternatives.ts';

type Request = Pick<DataOf<'booking.requested'>, 'bookingId' | 'showId' | 'section' | 'seats'>;

/** A section as `seat` remembers it. */
export interface House {
  /** Every seat, in order; null until the section is opened. */
  readonly seats: readonly string[] | null;
  readonly price: Money;
  /** By row, which booking has which seat, held or sold: a change copies one row. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Requests that were heard before the section was opened. */
  readonly waiting: readonly Request[];
}

const closed: House = {
  seats: null,
  price: { amount: 0, currency: 'EUR' },
  rows: {},
  waiting: [],
};

const holderOf = (house: House, seat: string): string | undefined =>
  house.rows[rowOf(seat)]?.[seat];

/** The seats that a booking has, in no particular order. */
const seatsHeldBy = (house: House, bookingId: string): string[] =>
  Object.values(house.rows).flatMap((row) =>
    Object.keys(row).filter((seat) => row[seat] === bookingId),
  );

/** Gives seats to a booking, or to nobody. */
const assign = (house: House, seats: readonly string[], bookingId: string | null): House => {
  const rows = { ...house.rows };
  for (const seat of seats) {
    const { [seat]: _before, ...others } = rows[rowOf(seat)] ?? {};
    rows[rowOf(seat)] = bookingId === null ? others : { ...others, [seat]: bookingId };
  }
  return { ...house, rows };
};

/** Answers a request: all of its seats, or none. */
const answer = (
  house: House,
  { bookingId, showId, section, seats }: Request,
  heldUntil: number,
): Saying<'seat.reserved' | 'seat.refused'> => {
  const place = { bookingId, showId, section };
  const all = house.seats ?? [];
  const unknown = seats.filter((seat) => !all.includes(seat));
  const taken = seats.filter((seat) => holderOf(house, seat) !== undefined);
  if (unknown.length > 0 || taken.length > 0) {
    const isFree = (seat: string): boolean => holderOf(house, seat) === undefined;
    return say('seat.refused', {
      ...place,
      reason: unknown.length > 0 ? 'no-such-seat' : 'taken',
      taken: unknown.length > 0 ? unknown : taken,
      alternatives: alternatives(all, isFree, seats),
    });
  }
  const { amount, currency } = house.price;
  return say('seat.reserved', {
    ...place,
    seats: seats.map((seat) => ({ seat, price: house.price })),
    total: { amount: amount * seats.length, currency },
    heldUntil: new Date(heldUntil).toISOString(),
  });
};

const release = (
  house: House,
  { bookingId, showId, section }: { bookingId: string; showId: string; section: string },
): Saying<'seat.released'>[] => {
  const seats = seatsHeldBy(house, bookingId);
  return seats.length === 0 ? [] : [say('seat.released', { bookingId, showId, section, seats })];
};

/**
 * Keeps the seats of each section: who holds which, until payment decides.
 * @param holdSeconds how long a reservation is kept for its payment
 */
export const seat = ({ holdSeconds }: { holdSeconds: number }) =>
  service(
    'seat',
    { stream: 'section', version: 1, initial: closed },
    {
      evolve: {
        // A section is opened once: a second opening must not change seats that people have.
        'section.opened': (house, { data: { rows, price } }) =>
          house.seats === null ? { ...house, seats: seatsOf(rows), price } : house,
        'booking.requested': (house, { data: { bookingId, showId, section, seats } }) =>
          house.seats === null
            ? { ...house, waiting: [...house.waiting, { bookingId, showId, section, seats }] }
            : house,
        'seat.reserved': (house, { data: { bookingId, seats } }) =>
          assign(
            answered(house, bookingId),
            seats.map((each) => each.seat),
            bookingId,
          ),
        'seat.refused': (house, { data: { bookingId } }) => answered(house, bookingId),
        'seat.released': (house, { data: { seats } }) => assign(house, seats, null),
      },
      on: {
        'section.opened': reaction(['seat.reserved', 'seat.refused'], (house, _opened, { at }) => {
          const answers: Saying<'seat.reserved' | 'seat.refused'>[] = [];
          let now = house;
          for (const request of house.waiting) {
            const said = answer(now, request, at + holdSeconds * 1000);
            if (said.says === 'seat.reserved') now = assign(now, request.seats, request.bookingId);
            answers.push(said);
          }
          return answers;
        }),
        'booking.requested': reaction(
          ['seat.reserved', 'seat.refused'],
          (house, { data }, { at }) =>
            house.seats === null ? [] : [answer(house, data, at + holdSeconds * 1000)],
          { withinMs: 5000, given: ['section.opened'] },
        ),
        'payment.received': reaction(
          ['seat.sold'],
          (house, { data: { bookingId, showId, section } }) => {
            const seats = seatsHeldBy(house, bookingId);
            return seats.length === 0
              ? []
              : [say('seat.sold', { bookingId, showId, section, seats })];
          },
          { withinMs: 5000, unless: ['ticket.revoked'] },
        ),
        'payment.failed': reaction(['seat.released'], (house, { data }) => release(house, data), {
          withinMs: 5000,
        }),
        'ticket.revoked': reaction(['seat.released'], (house, { data }) => release(house, data), {
          withinMs: 5000,
        }),
      },
      once: { 'seat.reserved': [], 'seat.refused': [], 'seat.sold': [], 'seat.released': [] },
      exclusive: [
        ['seat.reserved', 'seat.refused'],
        ['seat.sold', 'payment.failed'],
      ],
    },
  );

const answered = (house: House, bookingId: string): House =>
  house.waiting.length === 0
    ? house
    : { ...house, waiting: house.waiting.filter((each) => each.bookingId !== bookingId) };
