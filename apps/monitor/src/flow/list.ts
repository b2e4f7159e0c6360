import { z } from 'zod';
import { moment, word } from '../asked.ts';
import type { BookingsView } from '../views.ts';
import { type Booking, rowOf } from './booking.ts';
import { pageOf } from './page-of.ts';

/** Which bookings are asked for; what is left out does not matter. */
export const filterSchema = z.object({
  /** A part of the booking's id, its section or its seats. */
  q: word,
  state: word,
  /** One that said something about it. */
  service: word,
  /** An event that is on record for it. */
  type: word,
  /** It began at this moment or later. */
  from: moment,
  /** It began before this moment. */
  to: moment,
  /** As the page before said: `next`. */
  before: word,
});
export type Filter = z.output<typeof filterSchema>;

const matches = (booking: Booking, { q, state, service, type, from, to }: Filter): boolean => {
  const { bookingId, key, facts, startedAt } = booking;
  if (state !== undefined && booking.state !== state) return false;
  if (service !== undefined && !facts.some((fact) => fact.service === service)) return false;
  if (type !== undefined && !facts.some((fact) => fact.type === type)) return false;
  if (from !== undefined && startedAt < from) return false;
  if (to !== undefined && startedAt >= to) return false;
  const text = q?.trim().toLowerCase() ?? '';
  if (text === '') return true;
  const names = [bookingId, key, ...facts.flatMap(({ seats }) => seats)];
  return names.some((name) => name.toLowerCase().includes(text));
};

/** A page of the bookings that match, the newest first. */
export const listOf = (bookings: Iterable<Booking>, filter: Filter, now: number): BookingsView => {
  const found = [...bookings].filter((booking) => matches(booking, filter));
  const { page, next } = pageOf(found, {
    before: filter.before,
    placeOf: ({ startedAt: at, bookingId: id }) => ({ at, id }),
  });
  return { bookings: page.map((booking) => rowOf(booking, now)), next };
};
