import { z } from 'zod';

/** An identifier people can read in a URL: letters, digits and dashes. */
export const slug = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/, 'expected 1 to 40 letters, digits or dashes');

/** A booking: 32 hex digits, made from the customer's Idempotency-Key. */
export const bookingId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'expected a booking id of 32 hex digits');

/** A row of seats: `A`, `BB`, `12`. */
export const row = z.string().regex(/^[A-Z0-9]{1,4}$/, 'expected a row such as A, BB or 12');

/** A seat, by row and number: `A-12`. */
export const seatName = z
  .string()
  .regex(/^[A-Z0-9]{1,4}-[1-9][0-9]{0,2}$/, 'expected a seat such as A-12');

/** An amount in minor units (cents) of an ISO 4217 currency. */
export const money = z.object({
  amount: z.int().min(1).max(100_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as EUR'),
});
export type Money = z.output<typeof money>;

/** A moment in UTC, ISO 8601 with milliseconds: `2026-11-21T19:30:00.000Z`. */
export const instant = z.iso.datetime();

/** A row's seats as a range, so that a section of 500 seats is a few lines. */
export const rowOfSeats = z
  .object({ row, from: z.int().min(1).max(999), to: z.int().min(1).max(999) })
  .refine(({ from, to }) => from <= to, 'expected from ≤ to');
export type RowOfSeats = z.output<typeof rowOfSeats>;

/** What a customer knows a show by. */
export const showDescription = z.object({
  title: z.string().min(1).max(120),
  venue: z.string().min(1).max(120),
  startsAt: instant,
});
export type ShowDescription = z.output<typeof showDescription>;

/** Who the tickets are for and where mail goes. Personal data. */
export const customer = z.object({
  name: z.string().trim().min(1).max(120),
  email: z.email().max(254),
});
export type Customer = z.output<typeof customer>;

/** A payment method as the provider names it (`pm_card_visa`); never a card number. */
export const card = z
  .string()
  .regex(/^pm_[A-Za-z0-9_]{1,100}$/, 'expected a payment method token such as pm_card_visa');

/** The seats of one booking: 1 to 8, none twice. */
export const seatsOfABooking = z
  .array(seatName)
  .min(1, 'expected at least 1 seat')
  .max(8, 'expected at most 8 seats')
  .refine((seats) => new Set(seats).size === seats.length, 'expected no seat twice');

/** Fields of every event about one section. */
export const ofSection = { showId: slug, section: slug };
/** Fields of every event about one booking. */
export const ofBooking = { bookingId, ...ofSection };

/** The place that examples speak of. */
export const examplePlace = {
  bookingId: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
  showId: 'hamlet',
  section: 'stalls',
} as const;

/** The seats of a section, row by row, in order. */
export const seatsOf = (rows: readonly RowOfSeats[]): string[] =>
  rows.flatMap(({ row: name, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${name}-${from + index}`),
  );
