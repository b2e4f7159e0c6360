import type { BookingsView } from '../views.ts';
import { type Booking, rowOf, startOf } from './booking.ts';

/** Which bookings are asked for; what is left out does not matter. */
export interface Filter {
  /** A part of the booking's id, its section or its seats. */
  readonly q?: string | undefined;
  readonly state?: string | undefined;
  /** One that said something about it. */
  readonly service?: string | undefined;
  /** An event that is on record for it. */
  readonly type?: string | undefined;
  /** It began at this moment or later. */
  readonly from?: number | undefined;
  /** It began before this moment. */
  readonly to?: number | undefined;
  /** As the page before said: `next`. */
  readonly before?: string | undefined;
}

const pageLength = 100;

const matches = (booking: Booking, { q, state, service, type, from, to }: Filter): boolean => {
  const { bookingId, key, facts } = booking;
  if (state !== undefined && booking.state !== state) return false;
  if (service !== undefined && !facts.some((fact) => fact.service === service)) return false;
  if (type !== undefined && !facts.some((fact) => fact.type === type)) return false;
  const start = startOf(booking);
  if ((from !== undefined && start < from) || (to !== undefined && start >= to)) return false;
  const text = q?.trim().toLowerCase() ?? '';
  if (text === '') return true;
  const names = [bookingId, key, ...facts.flatMap(({ seats }) => seats)];
  return names.some((name) => name.toLowerCase().includes(text));
};

/** Where a booking stands in the list: by when it began, and among equals by its id. */
const placeOf = (booking: Booking): string =>
  `${String(startOf(booking)).padStart(15, '0')}-${booking.bookingId}`;

/** A page of the bookings that match, the newest first. */
export const listOf = (bookings: Iterable<Booking>, filter: Filter, now: number): BookingsView => {
  const { before } = filter;
  const found = [...bookings]
    .filter((booking) => matches(booking, filter))
    .map((booking) => ({ booking, place: placeOf(booking) }))
    .filter(({ place }) => before === undefined || place < before)
    .toSorted((a, b) => (a.place < b.place ? 1 : -1));
  const page = found.slice(0, pageLength);
  return {
    bookings: page.map(({ booking }) => rowOf(booking, now)),
    next: found.length > pageLength ? (page.at(-1)?.place ?? null) : null,
  };
};
