import { z } from 'zod';
import { defineEvent } from './define.ts';
import { examplePlace, instant, ofBooking, seatName } from './values.ts';

const ticketId = z.string().regex(/^[0-9a-f]{32}$/, 'expected a ticket id of 32 hex digits');
/** A signed code: base64url payload, a dot, base64url Ed25519 signature. */
const code = z.string().regex(/^[\w-]+\.[\w-]+$/, 'expected a signed ticket code');

export const ticketGenerated = defineEvent('ticket.generated', {
  meaning: 'The booking has its ticket: a signed code for the whole and one for each seat.',
  pattern: 'state-transfer',
  data: {
    ...ofBooking,
    ticketId,
    code,
    seats: z
      .array(z.object({ seat: seatName, code }))
      .min(1)
      .max(8),
    /** Where `ticket` itself serves the documents, under a signed path. */
    links: z.object({ pdf: z.url(), calendar: z.url() }),
  },
  example: {
    ...examplePlace,
    ticketId: '0d2f7c1a4b5e6f708192a3b4c5d6e7f8',
    code: 'eyJ2IjoxfQ.c2lnbmF0dXJl',
    seats: [{ seat: 'A-12', code: 'eyJ2IjoxLCJzIjoiQS0xMiJ9.c2lnbmF0dXJl' }],
    links: {
      pdf: 'http://127.0.0.1:3001/tickets/0d2f7c1a4b5e6f708192a3b4c5d6e7f8/x/ticket.pdf',
      calendar: 'http://127.0.0.1:3001/tickets/0d2f7c1a4b5e6f708192a3b4c5d6e7f8/x/show.ics',
    },
  },
});

export const ticketDelayed = defineEvent('ticket.delayed', {
  meaning: 'The ticket cannot be made just now; the sale stands and it is tried until it works.',
  pattern: 'notification',
  data: { ...ofBooking, reason: z.string().min(1).max(200) },
  example: { ...examplePlace, reason: 'key-away' },
});

export const ticketRevoked = defineEvent('ticket.revoked', {
  meaning: 'The money went back, so the booking has no valid ticket, now or later.',
  pattern: 'notification',
  data: { ...ofBooking, ticketId },
  example: { ...examplePlace, ticketId: '0d2f7c1a4b5e6f708192a3b4c5d6e7f8' },
});

export const ticketAdmitted = defineEvent('ticket.admitted', {
  meaning: 'Who came with the ticket for these seats was let in, at this door and moment.',
  pattern: 'notification',
  data: {
    ...ofBooking,
    ticketId,
    seats: z.array(seatName).min(1).max(8),
    /** The steward or gate, as its token is named. */
    by: z.string().min(1).max(100),
    at: instant,
    /** The door could not ask at that moment: it let in by the signature, and told of it later. */
    offline: z.boolean(),
  },
  example: {
    ...examplePlace,
    ticketId: '0d2f7c1a4b5e6f708192a3b4c5d6e7f8',
    seats: ['A-12'],
    by: 'north-door',
    at: '2027-03-01T19:02:00.000Z',
    offline: false,
  },
});
