import { describe, expect, it } from '@jest/globals';
import { letter } from './letters.ts';

const ofAda = {
  bookingId: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
  customer: { name: 'Ada Żółć', email: 'ada@example.org' },
  show: { title: 'Hamlet', venue: 'Globe', startsAt: '2027-03-01T19:30:00.000Z' },
  section: 'stalls',
  seats: ['A-12', 'A-13'],
};
const ticket = {
  code: 'eyJ2IjoxfQ.c2lnbmF0dXJl',
  seats: ofAda.seats.map((seat) => ({ seat, code: 'eyJ2IjoxfQ.c2lnbmF0dXJl' })),
  links: {
    pdf: 'https://example.org/tickets/5f/x/ticket.pdf',
    calendar: 'https://example.org/tickets/5f/x/show.ics',
  },
};
const closing = `Show: Hamlet
Venue: Globe
Starts: Monday, 1 March 2027 at 19:30 UTC
Section: stalls
Seats: A-12, A-13
Booking: 5f0c9a3be2d14c7fa1b7c0d2e3f40516

Ensemble
`;

describe('a letter', () => {
  it('brings the ticket: its code, its PDF, its calendar entry', () => {
    const { subject, text, html, qr } = letter('ticket', { ...ofAda, ticket });
    expect(subject).toBe('Your tickets for Hamlet');
    expect(text).toBe(`Hello Ada Żółć,

Your seats are paid for. Show this code at the door:

eyJ2IjoxfQ.c2lnbmF0dXJl

A PDF with a code for each seat, to print or to share:
https://example.org/tickets/5f/x/ticket.pdf

The show for your calendar:
https://example.org/tickets/5f/x/show.ics

Whoever has this mail or these links can get in: share them with your company only.

${closing}`);
    expect(qr).toEqual({ cid: 'ticket-code@ensemble', code: ticket.code });
    expect(html).toContain('<img src="cid:ticket-code@ensemble" alt="QR code of the tickets">');
    expect(html).toContain(`<a href="${ticket.links.pdf}">`);
  });

  it('speaks of one seat as of one', () => {
    const { subject, text } = letter('ticket', { ...ofAda, seats: ['A-12'], ticket });
    expect(subject).toBe('Your ticket for Hamlet');
    expect(text).toContain('Your seat is paid for.');
  });

  it('says which seats were taken and which were free', () => {
    const { subject, text, qr } = letter('refused', {
      ...ofAda,
      reason: 'taken',
      taken: ['A-12'],
      alternatives: [
        ['A-14', 'A-15'],
        ['B-12', 'B-13'],
      ],
    });
    expect(subject).toBe('No seats for Hamlet');
    expect(qr).toBeNull();
    expect(text).toBe(`Hello Ada Żółć,

We are sorry: A-12 is taken, so we hold no seats for you and nothing was charged.

When we looked, these were free in the same section: A-14, A-15; or B-12, B-13. \
They are not held for you.

${closing}`);
  });

  it('says so when there is nothing to propose', () => {
    const facts = { ...ofAda, reason: 'no-such-seat' as const, taken: ['Z-1', 'Z-2'] };
    const { text } = letter('refused', { ...facts, alternatives: [] });
    expect(text).toContain('Z-1, Z-2 do not exist, so we hold no seats');
    expect(text).toContain('We found no other seats side by side');
  });

  it.each([
    ['declined', 'your card was declined, and no other card was given in time'],
    ['provider-unavailable', 'our payment provider did not answer in time'],
    ['withdrawn', 'You withdrew the booking before it was paid'],
  ] as const)('says why the booking failed: %s', (reason, why) => {
    const { subject, text } = letter('failed', { ...ofAda, reason });
    expect(subject).toBe('Your booking for Hamlet was not completed');
    expect(text).toContain(why);
    expect(text).toContain('you have no ticket');
  });

  it.each([
    [{ amount: 9000, currency: 'EUR' }, '€90.00'],
    [{ amount: 9000, currency: 'JPY' }, '¥9,000'],
    [{ amount: 9005, currency: 'KWD' }, 'KWD 9.005'],
  ])('says how much goes back: %j', (amount, inWords) => {
    const { text } = letter('refunded', { ...ofAda, amount });
    expect(text.replaceAll('\u00a0', ' ')).toContain(`We have refunded ${inWords} to the card`);
    expect(text).toContain('no longer valid');
  });

  it('shows what people wrote as they wrote it, and never as html', () => {
    const name = `<script>alert("1")</script> & 'Bob'`;
    const { text, html } = letter('failed', {
      ...ofAda,
      customer: { ...ofAda.customer, name },
      show: { ...ofAda.show, title: '<b>Hamlet' },
      reason: 'declined',
    });
    expect(text).toContain(`Hello ${name},`);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<b>');
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Bob&#39;');
  });
});
