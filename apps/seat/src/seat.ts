import {
  type Decision,
  reaction,
  reminder,
  say,
  type Saying,
  service,
} from '@ensemble/choreography';
import { type DataOf, type Money, seatsOf } from '@ensemble/contracts';
import { alternatives, numberOf, rowOf } from './alternatives.ts';
import { front, join, leave, type Line } from './line.ts';

type Request = Pick<DataOf<'booking.requested'>, 'bookingId' | 'showId' | 'section' | 'seats'>;

/** A section as `seat` remembers it. */
export interface House {
  /** Every seat, in order; null until the section is opened. */
  readonly seats: readonly string[] | null;
  readonly price: Money;
  /**
   * By row and number, which booking has the seat, held or sold; {@link nobody} where it is free,
   * null where there is none. A change copies one row, and an array is copied at once.
   */
  readonly rows: Readonly<Record<string, readonly (string | null)[]>>;
  /** Requests that were heard before the section was opened, and all behind them. */
  readonly waiting: Line<Request>;
}

const closed: House = {
  seats: null,
  price: { amount: 0, currency: 'EUR' },
  rows: {},
  waiting: [],
};

const nobody = '';

/** Rows of free seats; seats are numbered up to 999. */
const rowsOf = (seats: readonly string[]): House['rows'] => {
  const rows: Record<string, (string | null)[]> = {};
  for (const seat of seats) {
    const row = (rows[rowOf(seat)] ??= []);
    while (row.length < numberOf(seat)) row.push(null);
    row[numberOf(seat)] = nobody;
  }
  return rows;
};

/** The booking that has a seat, or nobody; null if there is no such seat. */
const holderOf = (house: House, seat: string): string | null =>
  house.rows[rowOf(seat)]?.[numberOf(seat)] ?? null;

/** The seats that a booking has, row by row. */
const seatsHeldBy = (house: House, bookingId: string): string[] => {
  const seats: string[] = [];
  for (const [row, holders] of Object.entries(house.rows)) {
    let number = holders.indexOf(bookingId);
    for (; number >= 0; number = holders.indexOf(bookingId, number + 1)) {
      seats.push(`${row}-${number}`);
    }
  }
  return seats;
};

/** Gives seats to a booking, or to nobody. */
const assign = (house: House, seats: readonly string[], bookingId: string): House => {
  const rows = { ...house.rows };
  for (const seat of seats) {
    rows[rowOf(seat)] = (rows[rowOf(seat)] ?? []).with(numberOf(seat), bookingId);
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
  const unknown = seats.filter((seat) => holderOf(house, seat) === null);
  const isFree = (seat: string): boolean => holderOf(house, seat) === nobody;
  const taken = seats.filter((seat) => !isFree(seat));
  if (unknown.length > 0 || taken.length > 0) {
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

/** The next of those who wait are to be answered. */
const next = reminder('next');
type Answer = 'seat.reserved' | 'seat.refused';

/**
 * Keeps the seats of each section: who holds which, until payment decides.
 * @param holdSeconds how long a reservation is kept for its payment
 * @param answersAtOnce of those who waited for the section to open; a commit is bounded in size
 */
export const seat = ({
  holdSeconds,
  answersAtOnce = 250,
}: {
  holdSeconds: number;
  answersAtOnce?: number;
}) => {
  /** Answers those who have waited longest; the others have their turn in a moment. */
  const answerWaiting = (house: House, at: number): Decision<Answer>[] => {
    const answers: Decision<Answer>[] = [];
    let now = house;
    for (const request of front(house.waiting, answersAtOnce)) {
      const said = answer(now, request, at + holdSeconds * 1000);
      if (said.says === 'seat.reserved') now = assign(now, request.seats, request.bookingId);
      answers.push(said);
    }
    const isMore = front(house.waiting, answersAtOnce + 1).length > answers.length;
    return isMore ? [...answers, next(null)] : answers;
  };

  return service(
    'seat',
    { stream: 'section', version: 2, initial: closed, does: [next] },
    {
      evolve: {
        // A section is opened once: a second opening must not change seats that people have.
        'section.opened': (house, { data }) => {
          if (house.seats !== null) return house;
          const seats = seatsOf(data.rows);
          return { ...house, seats, price: data.price, rows: rowsOf(seats) };
        },
        'booking.requested': (house, { data: { bookingId, showId, section, seats } }) =>
          waits(house)
            ? { ...house, waiting: join(house.waiting, { bookingId, showId, section, seats }) }
            : house,
        'seat.reserved': (house, { data: { bookingId, seats } }) =>
          assign(
            answered(house, bookingId),
            seats.map((each) => each.seat),
            bookingId,
          ),
        'seat.refused': (house, { data: { bookingId } }) => answered(house, bookingId),
        'seat.released': (house, { data: { seats } }) => assign(house, seats, nobody),
      },
      on: {
        'section.opened': reaction(
          ['seat.reserved', 'seat.refused'],
          (house, _opened, { at, isOpen }) => (isOpen(next) ? [] : answerWaiting(house, at)),
        ),
        'booking.requested': reaction(
          ['seat.reserved', 'seat.refused'],
          (house, { data }, { at }) =>
            waits(house) ? [] : [answer(house, data, at + holdSeconds * 1000)],
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
      came: {
        next: reaction(['seat.reserved', 'seat.refused'], (house, _came, { at }) =>
          answerWaiting(house, at),
        ),
      },
      once: { 'seat.reserved': [], 'seat.refused': [], 'seat.sold': [], 'seat.released': [] },
      exclusive: [
        ['seat.reserved', 'seat.refused'],
        ['seat.sold', 'payment.failed'],
      ],
    },
  );
};

/** Whether a request has to wait: for the section to open, or for those who came before. */
const waits = ({ seats, waiting }: House): boolean => seats === null || waiting.length > 0;

const answered = (house: House, bookingId: string): House =>
  house.waiting.length === 0
    ? house
    : { ...house, waiting: leave(house.waiting, (each) => each.bookingId === bookingId) };
