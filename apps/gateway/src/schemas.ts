import {
  bookingId,
  bookingStates,
  card,
  customer,
  instant,
  money,
  row,
  rowOfSeats,
  seatName,
  seatsOf,
  seatsOfABooking,
  showDescription,
  slug,
} from '@ensemble/contracts';
import { z } from 'zod';

/** A customer's wish: unknown fields (a price, say) are refused, not dropped. */
export const bookingRequest = z
  .strictObject({
    showId: slug,
    section: slug,
    seats: seatsOfABooking,
    customer: z.strictObject(customer.shape),
    card,
  })
  .meta({
    id: 'BookingRequest',
    description: 'Seats in one section of a show, who they are for, and the card to pay with.',
    examples: [
      {
        showId: 'hamlet',
        section: 'stalls',
        seats: ['A-12', 'A-13'],
        customer: { name: 'Ada Lovelace', email: 'ada@example.org' },
        card: 'pm_card_visa',
      },
    ],
  });
export type BookingRequest = z.output<typeof bookingRequest>;

/** Another card to pay with. */
export const cardRequest = z.strictObject({ card }).meta({ id: 'CardRequest' });
/** A withdrawal needs no words. */
export const withdrawalRequest = z.strictObject({}).meta({ id: 'WithdrawalRequest' });
/** Nor does asking for a letter once more. */
export const copyRequest = z.strictObject({}).meta({ id: 'CopyRequest' });

const seatsAtMost = 5_000;
const openedSection = z
  .strictObject({
    section: slug,
    rows: z
      .array(
        z
          .strictObject({ row, from: rowOfSeats.shape.from, to: rowOfSeats.shape.to })
          .refine(({ from, to }) => from <= to, 'expected from ≤ to'),
      )
      .min(1)
      .max(100),
    price: z.strictObject(money.shape),
  })
  .refine(({ rows }) => rows.some(({ from, to }) => from > to) || !overlaps(rows), {
    message: `expected no seat twice and at most ${seatsAtMost} seats`,
    path: ['rows'],
  });

const overlaps = (rows: Parameters<typeof seatsOf>[0]): boolean => {
  if (rows.reduce((sum, { from, to }) => sum + to - from + 1, 0) > seatsAtMost) return true;
  const seats = seatsOf(rows);
  return new Set(seats).size < seats.length;
};

/** A show as its operator describes it. */
export const showRequest = z
  .strictObject({
    showId: slug,
    ...showDescription.shape,
    sections: z
      .array(openedSection)
      .min(1)
      .max(50)
      .refine(
        (sections) => new Set(sections.map(({ section }) => section)).size === sections.length,
        'expected no section twice',
      ),
  })
  .meta({
    id: 'ShowRequest',
    examples: [
      {
        showId: 'hamlet',
        title: 'Hamlet',
        venue: 'Globe',
        startsAt: '2027-03-01T19:30:00.000Z',
        sections: [
          {
            section: 'stalls',
            rows: [{ row: 'A', from: 1, to: 20 }],
            price: { amount: 4500, currency: 'EUR' },
          },
        ],
      },
    ],
  });
export type ShowRequest = z.output<typeof showRequest>;

export const bookingState = z
  .enum(bookingStates)
  .meta({ id: 'BookingState', description: 'ticketed, refused, failed and refunded are ends.' });
export type { BookingState } from '@ensemble/contracts';

/** What a customer needs to come back to a booking; the token is shown to nobody else. */
export const receipt = z
  .object({
    bookingId,
    token: z.string().meta({ description: 'For `Authorization: Bearer`; never in a URL.' }),
    state: bookingState.meta({
      description:
        'How it was at acceptance, also when the request is repeated; with `Prefer: wait`, how it ' +
        'was when the waiting ended.',
    }),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.output<typeof receipt>;

const code = z.string();
export const bookingView = z
  .object({
    bookingId,
    state: bookingState,
    showId: slug,
    section: slug,
    seats: z.array(seatName),
    total: money.optional().meta({ description: 'Absent only while the price is not known here.' }),
    heldUntil: instant.optional().meta({ description: 'A card can be given until then.' }),
    reason: z.string().optional().meta({ description: 'Why it is declined, refused or failed.' }),
    taken: z
      .array(seatName)
      .optional()
      .meta({ description: 'Those of the seats that could not be had, of a refused booking.' }),
    alternatives: z.array(z.array(seatName)).optional(),
    refundOwed: money.optional().meta({ description: 'Money that is on its way back.' }),
    ticket: z
      .object({
        ticketId: z.string(),
        code,
        seats: z.array(z.object({ seat: seatName, code })),
        links: z.object({ pdf: z.url(), calendar: z.url() }),
      })
      .optional(),
    history: z.array(
      z.object({ at: instant, type: z.string(), by: z.string(), note: z.string().optional() }),
    ),
  })
  .meta({ id: 'Booking' });
export type BookingView = z.output<typeof bookingView>;

/** The outcome of a booking that was waited for. */
export const outcomeView = bookingView
  .extend({ token: receipt.shape.token })
  .meta({ id: 'Outcome' });

/** A wish about a booking was taken in. */
export const acceptedView = receipt
  .omit({ token: true })
  .extend({ state: bookingState.meta({ description: 'How it was before this was taken in.' }) })
  .meta({ id: 'Accepted' });

/** Why a request is not answered with what it asked for (RFC 9457). */
export const problemView = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    advice: z.string().meta({ description: 'What to do.' }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'What is wrong where, by JSON pointers into the body.' }),
  })
  .meta({ id: 'Problem' });

const shown = { showId: slug, ...showDescription.shape };
export const showsView = z
  .object({
    shows: z.array(
      z.object({
        ...shown,
        sections: z.array(slug),
        from: money.meta({ description: 'The lowest price of a seat.' }),
      }),
    ),
  })
  .meta({ id: 'Shows' });
export type ShowsView = z.output<typeof showsView>;

export const seatState = z.enum(['free', 'held', 'sold']);
export const showView = z
  .object({
    ...shown,
    sections: z.array(
      z.object({
        section: slug,
        price: money,
        seats: z.array(z.object({ seat: seatName, state: seatState })),
      }),
    ),
  })
  .meta({ id: 'Show' });
export type ShowView = z.output<typeof showView>;

/** How a seat stands, in one letter. */
export const seatLetters = { free: 'f', held: 'h', sold: 's' } as const;
export const showMapView = z
  .object({
    ...shown,
    sections: z.array(
      z.object({
        section: slug,
        price: money,
        free: z.int().meta({ description: 'Seats that can be booked.' }),
        rows: z.array(
          z.object({
            row,
            from: rowOfSeats.shape.from,
            seats: z
              .string()
              .regex(/^[fhs]+$/)
              .meta({
                description: 'A letter for each seat from `from` on: `f`ree, `h`eld, `s`old.',
                example: 'fffhhsf',
              }),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'ShowMap', description: 'Rows from the front; one that an aisle parts is two.' });
export type ShowMapView = z.output<typeof showMapView>;

/** What became of a description of a show. */
export const openedView = z
  .object({ showId: slug, sections: z.array(slug) })
  .meta({ id: 'OpenedShow' });
export type OpenedView = z.output<typeof openedView>;

const taken = z.object({ amount: z.int().min(0), currency: money.shape.currency });
const counts = { sold: z.int(), held: z.int(), free: z.int() };
/** How the shows sell. */
export const salesView = z
  .object({
    shows: z.array(
      z.object({
        ...shown,
        ...counts,
        taken: z.array(taken).meta({ description: 'One for each currency.' }),
        sections: z.array(
          z.object({
            section: slug,
            price: money,
            ...counts,
            taken: taken.meta({ description: 'What the seats that are sold have cost.' }),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Sales' });
export type SalesView = z.output<typeof salesView>;
