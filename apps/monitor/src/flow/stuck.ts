import type { StuckGroup, StuckView } from '../views.ts';
import { type Booking, overdueDuties } from './booking.ts';
import { type Lags, suspicionOf } from './suspect.ts';
import { sumOf } from './words.ts';

/** What is overdue at a moment, grouped by what is owed, by whom, and why; the largest groups first. */
export const stuckView = (bookings: Iterable<Booking>, lags: Lags, at: number): StuckView => {
  const groups = new Map<
    string,
    { first: StuckGroup; bookings: StuckGroup['bookings'][number][] }
  >();
  for (const booking of bookings) {
    for (const duty of overdueDuties(booking, at)) {
      const { owner, on, promise, since, dueAt } = duty;
      const { suspect, evidence } = suspicionOf(duty, booking, lags, at);
      const { oneOf } = promise;
      const key = JSON.stringify([owner, on.type, oneOf, suspect]);
      const group = groups.get(key) ?? {
        first: { owner, on: on.type, oneOf, suspect, evidence, bookings: [], money: [] },
        bookings: [],
      };
      groups.set(key, group);
      const { bookingId, total } = booking;
      group.bookings.push({ bookingId, since, overdueSince: dueAt, total });
    }
  }
  const views = [...groups.values()].map((group) => ({
    ...group.first,
    bookings: group.bookings.toSorted((a, b) => a.overdueSince - b.overdueSince),
    money: sumOf(group.bookings.map(({ total }) => total)),
  }));
  return { at, groups: views.toSorted((a, b) => b.bookings.length - a.bookings.length) };
};
