import { randomUUID } from 'node:crypto';
import { call } from '@ensemble/start/box-office';
import { until } from '@ensemble/start/until';
import { pdfPages } from '@ensemble/testing/pdf';
import { expect } from '@jest/globals';
import { bad, good, openHouse, price } from './house.ts';
import { liveStates, moneyHeld, seatIs, textsTo, typesOf } from './looking.ts';
import { stewardToken } from '../system.ts';
import type { Rows } from './rows.ts';

/** Rows of the table in which nothing is away. They are played at the same time. */
export const calm: Rows = {
  'all goes well: the golden path, one mail, a ticket that is good': async (system) => {
    const house = await openHouse(system, 'golden');
    const booking = await house.books('Ada Żółć', ['A-1', 'A-2']);
    const live = Promise.all(system.gateways.map((url) => liveStates(url, booking, 'ticketed')));
    const view = await booking.ends('ticketed');
    expect(typesOf(view)).toEqual([
      'booking.requested',
      'seat.reserved',
      'payment.received',
      'ticket.generated',
      'notification.sent',
    ]);
    expect(view).toMatchObject({ state: 'ticketed', total: { ...price, amount: 9000 } });
    for (const states of await live) expect(states.at(-1)).toBe('ticketed');
    await seatIs(house, 'A-1', 'sold');
    await seatIs(house, 'A-2', 'sold');

    const { code = '', links } = view.ticket ?? {};
    const [mail, ...others] = system
      .mails()
      .filter(({ headers }) => /golden/.test(headers['to'] ?? ''));
    expect(others).toEqual([]);
    expect(mail?.headers).toMatchObject({ to: 'Ada Żółć <ada@golden.example.org>' });
    expect(mail?.parts['text/plain']?.toString()).toContain(links?.pdf);
    expect(mail?.parts['text/html']?.toString()).toContain('src="cid:ticket-code@ensemble"');
    expect(mail?.parts['image/png']?.toString('latin1')).toMatch(/^\x89PNG/);

    const pdf = await fetch(links?.pdf ?? '');
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const pages = pdfPages(Buffer.from(await pdf.arrayBuffer()));
    expect(pages).toHaveLength(2);
    for (const page of pages) expect(page).toContain('Ada Żółć');
    const calendar = await fetch(links?.calendar ?? '');
    expect(calendar.headers.get('content-type')).toContain('text/calendar');
    expect(await calendar.text()).toContain('SUMMARY:Król Lear: golden');

    await until('the line that tells of it', () =>
      system.printed().includes(` ${booking.bookingId.slice(0, 8)} booking.requested → `),
    );
    expect(system.printed()).not.toMatch(/Żółć|example\.org/);

    const verified = await system.command('verify-ticket', code);
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('A-1, A-2') });
    const signature = code.indexOf('.') + 1;
    const other = code[signature] === 'A' ? 'B' : 'A';
    const forgery = code.slice(0, signature) + other + code.slice(signature + 1);
    const forged = await system.command('verify-ticket', forgery);
    expect(forged).toMatchObject({ code: 1, out: expect.stringContaining('not signed') });
  },

  'the letter is asked for once more: a new mail for each request': async (system) => {
    const house = await openHouse(system, 'mislaid');
    const booking = await house.books('Ada', ['A-1']);
    await booking.ends('ticketed');
    const key = 'the-same-request-twice';
    expect(await booking.copy(key)).toMatchObject({ status: 202 });
    expect(await booking.copy(key)).toMatchObject({ status: 202 });
    expect(await booking.copy()).toMatchObject({ status: 202 });
    const mailsTo = () =>
      system.mails().filter(({ headers }) => /ada@mislaid/.test(headers['to'] ?? ''));
    await until('both copies', async () => {
      const types = typesOf(await booking.view());
      return types.filter((type) => type === 'notification.sent').length === 3;
    });
    const ids = mailsTo().map(({ headers }) => headers['message-id']);
    expect([ids.length, new Set(ids).size]).toEqual([3, 3]);
    expect(new Set(mailsTo().map(({ headers }) => headers['subject'])).size).toBe(1);
    const early = await house.books('Bob', ['A-2'], bad);
    await early.becomes('declined');
    expect(await early.copy()).toMatchObject({ status: 409 });
  },

  'the ticket lets in once, at whichever door, and not after the money went back': async (
    system,
  ) => {
    const house = await openHouse(system, 'doors');
    const booking = await house.books('Ada', ['A-1', 'A-2']);
    const { ticket } = await booking.becomes('ticketed');
    const url = `${new URL(ticket?.links.pdf ?? '').origin}/admissions`;
    const [first, second] = ticket?.seats.map(({ code }) => code) ?? [];
    const admit = (code: string | undefined, token = stewardToken, key = randomUUID()) =>
      call<{ code?: string; by?: string; admitted?: { by: string }[] }>('POST', url, {
        token,
        key,
        body: { code },
      });
    const key = randomUUID();
    expect(await admit(first, stewardToken, key)).toMatchObject({
      status: 200,
      body: { seats: ['A-1'], by: 'north-door', section: 'stalls' },
    });
    expect(await admit(first, stewardToken, key)).toMatchObject({ status: 200 });
    const answers = await Promise.all(
      [stewardToken, `${stewardToken}-of-the-south`].map((token) => admit(second, token)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await admit(first)).toMatchObject({
      status: 409,
      body: { code: 'already-admitted', admitted: [{ seat: 'A-1', by: 'north-door' }] },
    });
    await booking.hears('ticket.admitted');
    expect(await booking.withdraw()).toMatchObject({ status: 409 });

    const other = await house.books('Bob', ['A-3']);
    const { ticket: his } = await other.becomes('ticketed');
    await other.withdraw();
    await other.hears('ticket.revoked');
    expect(await admit(his?.code)).toMatchObject({ status: 409, body: { code: 'revoked' } });
    expect(await admit('rubbish')).toMatchObject({ status: 422 });
    expect(await admit(first, 'of-nobody')).toMatchObject({ status: 401 });
  },

  'a seat is taken: refused with what is taken and what is free, nothing held': async (system) => {
    const house = await openHouse(system, 'taken');
    await (await house.books('Ada', ['A-2'])).becomes('ticketed');
    const bob = await house.books('Bob', ['A-2', 'A-3']);
    const view = await bob.ends('refused');
    expect(view).toMatchObject({ reason: 'taken' });
    expect(typesOf(view)).toEqual(['booking.requested', 'seat.refused', 'notification.sent']);
    expect(view.alternatives).toEqual([
      ['A-3', 'A-4'],
      ['A-5', 'A-6'],
      ['A-7', 'A-8'],
    ]);
    expect(await house.seats()).toMatchObject({ 'A-3': 'free' });
    const texts = textsTo(system.mails(), house.addressOf('Bob'));
    expect(texts).toEqual([expect.stringContaining('A-2 is taken')]);
    expect(await system.provider.charges(bob.bookingId)).toEqual([]);
  },

  '200 customers at once for the last seat: one has it': async (system) => {
    const house = await openHouse(system, 'last-seat', 1);
    const bookings = await Promise.all(
      Array.from({ length: 200 }, (_, n) => house.books(`Customer${n}`, ['A-1'])),
    );
    const views = await Promise.all(bookings.map((each) => each.becomes('ticketed', 'refused')));
    const refused = views.filter(({ state }) => state === 'refused');
    expect(refused).toHaveLength(199);
    expect(await house.seats()).toEqual({ 'A-1': 'sold' });
    const charges = await system.provider.charges();
    const ids = new Set(bookings.map(({ bookingId }) => bookingId));
    expect(charges.filter(({ metadata }) => ids.has(metadata.bookingId ?? ''))).toHaveLength(1);
  },

  'the card is declined and another one is given': async (system) => {
    const house = await openHouse(system, 'declined');
    const booking = await house.books('Ada', ['A-1'], bad);
    const declined = await booking.becomes('declined');
    expect(declined.reason).toBe('generic_decline');
    expect(Date.parse(declined.heldUntil ?? '')).toBeGreaterThan(Date.now());
    expect(await house.seats()).toMatchObject({ 'A-1': 'held' });
    expect(await booking.replaceCard('pm_card_mastercard')).toMatchObject({ status: 202 });
    expect(typesOf(await booking.ends('ticketed'))).toEqual([
      'booking.requested',
      'seat.reserved',
      'payment.declined',
      'booking.card-replaced',
      'payment.received',
      'ticket.generated',
      'notification.sent',
    ]);
    expect(await moneyHeld(system, booking)).toBe(price.amount);
    expect(await booking.replaceCard(good)).toMatchObject({ status: 409 });
  },

  'the customer withdraws before it is paid': async (system) => {
    const house = await openHouse(system, 'unpaid');
    const booking = await house.books('Ada', ['A-1'], bad);
    await booking.becomes('declined');
    expect(await booking.withdraw()).toMatchObject({ status: 202 });
    expect(await booking.ends('failed')).toMatchObject({ reason: 'withdrawn' });
    await seatIs(house, 'A-1', 'free');
    const texts = textsTo(system.mails(), house.addressOf('Ada'));
    expect(texts).toEqual([expect.stringContaining('You withdrew the booking')]);
    expect(await booking.withdraw()).toMatchObject({ status: 202 });
    expect(await system.provider.charges(booking.bookingId)).toEqual([]);
  },

  'the customer withdraws before anybody has answered': async (system) => {
    const house = await openHouse(system, 'at-once');
    await (await house.books('Zoe', ['A-9'])).becomes('ticketed');
    const refused = await house.books('Eve', ['A-9']);
    await refused.withdraw();
    const bookings = await Promise.all(
      ['Ada', 'Bob', 'Cleo', 'Dan'].map((name, n) => house.books(name, [`A-${n + 1}`])),
    );
    await Promise.all(bookings.map((booking) => booking.withdraw()));
    for (const booking of bookings) {
      const { state, reason, ticket } = await booking.ends('failed', 'refunded');
      expect([state, reason]).toEqual(
        state === 'failed' ? [state, 'withdrawn'] : [state, undefined],
      );
      expect(ticket).toBeUndefined();
      expect(await moneyHeld(system, booking)).toBe(0);
    }
    await until('their seats to be free', async () => {
      const { 'A-9': sold, ...others } = await house.seats();
      return sold === 'sold' && Object.values(others).every((state) => state === 'free');
    });
    expect(typesOf(await refused.ends('refused'))).not.toContain('payment.failed');
    expect(textsTo(system.mails(), house.addressOf('Eve'))).toHaveLength(1);
  },

  'the customer withdraws after it is paid': async (system) => {
    const house = await openHouse(system, 'paid');
    const booking = await house.books('Ada', ['A-1']);
    const { ticket } = await booking.ends('ticketed');
    const pdf = ticket?.links.pdf ?? '';
    expect(await fetch(pdf)).toMatchObject({ status: 200 });
    expect(await booking.withdraw()).toMatchObject({ status: 202 });
    const view = await booking.ends('refunded');
    expect([view.ticket, view.refundOwed]).toEqual([undefined, undefined]);
    await booking.hears('ticket.revoked');
    await until('the PDF to be gone', async () => (await fetch(pdf)).status === 410);
    const texts = textsTo(system.mails(), house.addressOf('Ada'));
    expect(texts).toHaveLength(2);
    expect(texts).toContainEqual(expect.stringContaining('We have refunded €45.00'));
    expect(await moneyHeld(system, booking)).toBe(0);
    await seatIs(house, 'A-1', 'free');
    const bob = await house.books('Bob', ['A-1']);
    await bob.becomes('ticketed');
  },
};
