import type { StuckGroup, StuckView } from '../views.ts';
import { type Booking, overdueDuties } from './booking.ts';
import type { Duty } from './duties.ts';
import { type Lags, suspicionOf, type Suspicion } from './suspect.ts';
import { sumOf } from './words.ts';

/** An answer that is overdue, and why. */
interface Late extends Suspicion {
  readonly booking: Booking;
  readonly duty: Duty;
}

const groupOf = (late: readonly Late[]): StuckGroup[] => {
  const [first] = late;
  if (first === undefined) return [];
  const { owner, on, promise } = first.duty;
  return [
    {
      owner,
      on: on.type,
      oneOf: promise.oneOf,
      suspect: first.suspect,
      evidence: first.evidence,
      bookings: late.map(({ booking: { bookingId, total }, duty: { since, dueAt } }) => ({
        bookingId,
        since,
        overdueSince: dueAt,
        total,
      })),
      money: sumOf(late.map(({ booking }) => booking.total)),
    },
  ];
};

/**
 * What is overdue at a moment, grouped by what is owed, by whom, and why; the largest groups first,
 * and in each what is overdue longest.
 */
export const stuckView = (bookings: Iterable<Booking>, lags: Lags, at: number): StuckView => {
  const late: Late[] = [];
  for (const booking of bookings) {
    for (const duty of overdueDuties(booking, at)) {
      late.push({ booking, duty, ...suspicionOf(duty, booking, lags, at) });
    }
  }
  late.sort(
    (a, b) => a.duty.dueAt - b.duty.dueAt || (a.booking.bookingId < b.booking.bookingId ? -1 : 1),
  );
  const groups = Map.groupBy(late, ({ duty: { owner, on, promise }, suspect }) =>
    JSON.stringify([owner, on.type, promise.oneOf, suspect]),
  );
  const views = [...groups.values()].flatMap(groupOf);
  return { at, groups: views.toSorted((a, b) => b.bookings.length - a.bookings.length) };
};
