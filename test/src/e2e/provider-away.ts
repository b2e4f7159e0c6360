import { until } from '@ensemble/start/until';
import { expect } from '@jest/globals';
import { bad, good, openHouse, price } from './house.ts';
import { moneyHeld, seatIs, textsTo, typesOf } from './looking.ts';
import type { Rows } from './rows.ts';

/** Long enough that nothing gets through while it lasts. */
const foreverMs = 600_000;

/** Rows in which the payment provider is not at its best. */
export const providerAway: Rows = {
  'the provider is slow: others are not held up, and it ends well': async (system) => {
    const house = await openHouse(system, 'slow');
    await system.provider.behave('slow', 1_000);
    const ada = await house.books('Ada', ['A-1']);
    const bob = await house.books('Bob', ['A-1']);
    await bob.becomes('refused');
    expect(await ada.view()).toMatchObject({ state: 'reserved' });
    await ada.becomes('ticketed');
    await system.provider.behave('normal');
    expect(await moneyHeld(system, ada)).toBe(price.amount);
  },

  'the provider charged but the answer was lost: charged once': async (system) => {
    const house = await openHouse(system, 'lost');
    const cleo = await house.books('Cleo', ['A-3'], bad);
    await cleo.becomes('declined');
    await system.provider.behave('lose-answer');
    const ada = await house.books('Ada', ['A-1']);
    await cleo.replaceCard(good);
    await until('the charge nobody heard of', async () => (await moneyHeld(system, cleo)) > 0);
    expect(await cleo.view()).toMatchObject({ state: 'reserved' });
    await system.provider.behave('normal');
    for (const booking of [ada, cleo]) {
      await booking.becomes('ticketed');
      expect(await moneyHeld(system, booking)).toBe(price.amount);
    }
  },

  'withdrawn while a charge is open: never a ticket, no money kept': async (system) => {
    const house = await openHouse(system, 'open-charge');
    const [charged, waiting] = await Promise.all([
      house.books('Ada', ['A-1'], bad),
      house.books('Bob', ['A-2'], bad),
    ]);
    for (const booking of [charged, waiting]) await booking.becomes('declined');
    await system.provider.behave('lose-answer');
    await charged.replaceCard(good);
    await until('the charge nobody heard of', async () => (await moneyHeld(system, charged)) > 0);
    await system.provider.behave('slow', foreverMs);
    await waiting.replaceCard(good);
    await waiting.becomes('reserved');
    for (const booking of [charged, waiting]) {
      expect(await booking.withdraw()).toMatchObject({ status: 202 });
      expect(await booking.becomes('failed')).toMatchObject({ reason: 'withdrawn' });
    }
    await system.provider.behave('normal');
    expect(await charged.hears('payment.refunded')).toMatchObject({ state: 'failed' });
    for (const [booking, name, seat] of [
      [charged, 'Ada', 'A-1'],
      [waiting, 'Bob', 'A-2'],
    ] as const) {
      await until('no money to be kept', async () => (await moneyHeld(system, booking)) === 0);
      expect(typesOf(await booking.ends('failed'))).not.toContain('ticket.generated');
      expect(textsTo(system.mails(), house.addressOf(name))).toHaveLength(1);
      await seatIs(house, seat, 'free');
    }
  },

  'a refund fails: owed until it is done, the ticket good until then': async (system) => {
    const house = await openHouse(system, 'owed');
    const booking = await house.books('Ada', ['A-1']);
    const { ticket } = await booking.becomes('ticketed');
    const pdf = ticket?.links.pdf ?? '';
    await system.provider.behave('refuse-refunds');
    await booking.withdraw();
    const owing = await booking.hears('payment.refund-failed');
    expect(owing).toMatchObject({ state: 'ticketed', refundOwed: price });
    expect(await fetch(pdf)).toMatchObject({ status: 200 });
    expect(await house.seats()).toMatchObject({ 'A-1': 'sold' });
    await system.provider.behave('normal');
    const view = await booking.becomes('refunded');
    expect(view.refundOwed).toBeUndefined();
    await until('the PDF to be gone', async () => (await fetch(pdf)).status === 410);
    await seatIs(house, 'A-1', 'free');
    expect(await moneyHeld(system, booking)).toBe(0);
  },

  '`npm run demo` tells all of it, and leaves the provider well': async (system) => {
    const { code, out, err } = await system.command('demo');
    expect([code, err]).toEqual([0, '']);
    const ends = out.matchAll(/in the end: (\w+)/g).map(([, end]) => end);
    expect([...ends].join(' ')).toBe(
      'ticketed refused ticketed failed refunded ticketed ticketed ticketed refunded',
    );
    const house = await openHouse(system, 'after-the-demo');
    await (await house.books('Ada', ['A-1'])).ends('ticketed');
  },
};
