import {
  type Decision,
  reaction,
  reminder,
  say,
  type Saying,
  service,
} from '@ensemble/choreography';
import { type DataOf, type Money, seatsOf } from '@ensemble/contracts';
import { alternatives, rowOf } from './alternatives.ts';
import { front, join, leave, type Line } from './line.ts';

type Request = Pick<DataOf<'booking.requested'>, 'bookingId' | 'showId' | 'section' | 'seats'>;

/** A section as `seat` remembers it. */
export interface House {
  /** Every seat, in order; null until the section is opened. */
  readonly seats: readonly string[] | null;
  readonly price: Money;
  /** By row, which booking has which seat, held or sold: a change copies one row. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Requests that were heard before the section was opened, and all behind them. */
  readonly waiting: Line<Request>;
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
        'section.opened': (house, { data: { rows, price } }) =>
          house.seats === null ? { ...house, seats: seatsOf(rows), price } : house,
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
        'seat.released': (house, { data: { seats } }) => assign(house, seats, null),
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
          { withinMs: 5000 },
        ),
        'payment.received': reaction(
          ['seat.sold'],
          (house, { data: { bookingId, showId, section } }) => {
            const seats = seatsHeldBy(house, bookingId);
            return seats.length === 0
              ? []
              : [say('seat.sold', { bookingId, showId, section, seats })];
          },
          { withinMs: 5000 },
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
    },
  );
};

/** Whether a request has to wait: for the section to open, or for those who came before. */
const waits = ({ seats, waiting }: House): boolean => seats === null || waiting.length > 0;

const answered = (house: House, bookingId: string): House =>
  house.waiting.length === 0
    ? house
    : { ...house, waiting: leave(house.waiting, (each) => each.bookingId === bookingId) };
