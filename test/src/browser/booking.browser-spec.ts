import { renameSync } from 'node:fs';
import { until } from '@ensemble/start/until';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { bad, type House, openHouse } from '../e2e/house.ts';
import { moneyHeld, seatIs } from '../e2e/looking.ts';
import { type EmbeddedSystem, system } from '../system.ts';
import { startChromium } from './chromium.ts';
import { type Customer, customer, press, saidBy } from './customer.ts';
import { tabTo } from './keyboard.ts';
import { barriers, type Look, overflow, shoot } from './look.ts';

const looks = {
  light: {},
  dark: { colours: 'dark' },
  narrow: { width: 320, height: 640 },
} as const;
const apps = ['provider', 'gateway', 'seat', 'payment', 'ticket', 'notification'];
const without = (away: string): string[] => apps.filter((app) => app !== away);

let browser: Browser;
let tested: EmbeddedSystem;
let shows = 0;
const customers: Customer[] = [];

const sitDown = async (look?: Look): Promise<Customer> => {
  const one = await customer(browser, tested, look);
  customers.push(one);
  return one;
};
const house = (): Promise<House> => openHouse(tested, `house-${(shows += 1)}`);

/** Sums up how much of the page moves by itself, as a share of the window. */
const countShifts = `
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) {
      if (!hadRecentInput) window.shifts += value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** Has these apps run and no others, after a loss of power. */
const restart = async (...some: readonly string[]): Promise<void> => {
  await tested.kill();
  await tested.start(...some);
};

beforeAll(async () => {
  tested = await system();
  // Services are away on purpose, for as long as it takes to look at the page.
  tested.expects('late');
  browser = await startChromium();
});
beforeEach(() => tested.start(...apps));
afterEach(async () => {
  for (const { page } of customers.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await tested[Symbol.asyncDispose]();
});

describe('a booking, as its customer lives it,', () => {
  it('ends in tickets: each step is told when it is so', async () => {
    await restart(...without('seat'));
    const booking = await (await house()).books('Ada Żółć', ['A-1', 'A-2']);
    const ada = await sitDown();
    await ada.page.addInitScript(countShifts);
    await ada.follow(booking);
    await ada.reads('We have your request');
    expect(await saidBy(ada.page)).toEqual([
      'Done: Request taken in',
      'Under way: Looking whether the seats are free',
      'To come: Payment',
      'To come: Ticket',
      'To come: Mail to you',
    ]);
    await shoot(ada.page, 'booking-asked');

    await restart(...without('payment'));
    await ada.reads('Held for you, payment under way');
    await ada.page.getByText('Held for you for').waitFor();
    expect(await ada.page.locator('main').innerText()).not.toMatch(/yours\b(?! once)/);

    await restart(...without('ticket'));
    await ada.reads('Paid: the seats are yours');
    await restart(...apps);
    await ada.reads('Your tickets');
    await ada.sees('Mail sent to you');

    // What Chromium calls good is 0.1; here nothing moves but lines that come below all others.
    expect(await ada.page.evaluate<number>('window.shifts')).toBeLessThan(0.02);
    await shoot(ada.page, 'booking-ticketed-live');

    const { ticket } = await booking.view();
    for (const { seat, code } of ticket?.seats ?? []) {
      await ada.page
        .getByRole('img', { name: `QR code to be shown at the door for seat ${seat}` })
        .waitFor();
      expect(await ada.page.getByText(code, { exact: true }).count()).toBe(1);
    }
    const pdf = await ada.page.getByRole('link', { name: 'PDF' }).getAttribute('href');
    expect(await fetch(pdf ?? '')).toMatchObject({ status: 200 });
    const calendar = await ada.page.getByRole('link', { name: 'Calendar' }).getAttribute('href');
    expect(await fetch(calendar ?? '')).toMatchObject({ status: 200 });
  });

  it('is refused: which seats were taken, the rest is kept, others are proposed', async () => {
    const hall = await house();
    await (await hall.books('Bob', ['A-2'])).becomes('ticketed');
    const booking = await hall.books('Ada', ['A-2', 'A-3']);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('These seats were taken');
    await ada.page.locator('.verdict p').getByText('A-2 was gone when your request came').waitFor();
    await ada.sees('Seats already taken');
    const keep = ada.page.getByRole('link', { name: 'Keep A-3 and choose others' });
    expect(await keep.getAttribute('href')).toContain('seats=A-3');
    await ada.page.getByRole('link', { name: 'Choose A-3 and A-4 instead' }).waitFor();
    await shoot(ada.page, 'booking-refused');
  });

  it('has its card declined, is given another, and ends in tickets', async () => {
    const booking = await (await house()).books('Ada', ['A-1'], bad);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Your card was declined');
    await ada.page
      .getByRole('timer')
      .filter({ hasText: /Held for you for \d+:\d\d/ })
      .waitFor();
    await shoot(ada.page, 'booking-declined');
    await ada.page.getByLabel('Visa ending in 9995').check();
    await press(ada.page, 'Pay €45.00 with this card');
    await ada.page.locator('.verdict p').getByText('not enough money on it').waitFor();
    await ada.page.getByLabel('Mastercard').check();
    await press(ada.page, 'Pay €45.00 with this card');
    await ada.reads('Your tickets');
    expect(await moneyHeld(tested, booking)).toBe(4500);
  });

  it('is withdrawn before anybody answered', async () => {
    await restart(...without('seat'));
    const hall = await house();
    const booking = await hall.books('Ada', ['A-1']);
    const ada = await sitDown();
    await ada.follow(booking);
    await press(ada.page, 'Withdraw the booking …');
    await ada.page.getByRole('dialog').getByText('We know of no charge so far').waitFor();
    await press(ada.page, /^Withdraw$/);
    await ada.reads('We have your withdrawal');
    expect(await saidBy(ada.page)).toEqual(['Done: Request taken in', 'Done: Withdrawal taken in']);
    await restart(...apps);
    await ada.reads(/^Withdrawn/);
    await ada.sees('Seats released');
    await seatIs(hall, 'A-1', 'free');
    expect(await moneyHeld(tested, booking)).toBe(0);
  });

  it('is withdrawn before it is paid', async () => {
    const booking = await (await house()).books('Ada', ['A-1'], bad);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Your card was declined');
    await press(ada.page, 'Withdraw the booking …');
    await press(ada.page, /^Withdraw$/);
    await ada.reads('Withdrawn');
    await ada.sees('Seats released');
    await ada.sees('Mail sent to you');
    const again = ada.page.getByRole('link', { name: 'Try the same seats again' });
    expect(await again.getAttribute('href')).toContain('seats=A-1');
  });

  it('is withdrawn after it is paid; a refund that fails is owed until it is done', async () => {
    const booking = await (await house()).books('Ada', ['A-1']);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Your tickets');
    await tested.provider.behave('refuse-refunds');
    await press(ada.page, 'Withdraw the booking …');
    await ada.page.getByRole('dialog').getByText('€45.00 goes back to your card').waitFor();
    await shoot(ada.page, 'booking-withdrawing');
    await press(ada.page, /^Withdraw$/);
    await ada.reads('We owe you money');
    await ada.page.locator('.verdict p').getByText('Until then your ticket stays valid').waitFor();
    expect(await ada.page.getByRole('img', { name: /QR code/ }).count()).toBe(1);
    await shoot(ada.page, 'booking-owed');
    await tested.provider.behave('normal');
    await ada.reads('Withdrawn and refunded');
    await ada.sees('Seats released');
    expect(await ada.page.getByRole('img', { name: /QR code/ }).count()).toBe(0);
    expect(await moneyHeld(tested, booking)).toBe(0);
  });

  it('waits for a provider that is slow or loses answers, and is not told as paid before', async () => {
    await tested.provider.behave('slow', 3_000);
    const slow = await (await house()).books('Ada', ['A-1']);
    const ada = await sitDown();
    await ada.follow(slow);
    await ada.reads('Held for you, payment under way');
    await ada.reads('Your tickets');
    await tested.provider.behave('normal');

    const lost = await (await house()).books('Bob', ['A-1'], bad);
    const bob = await sitDown();
    await bob.follow(lost);
    await bob.reads('Your card was declined');
    await tested.provider.behave('lose-answer');
    await press(bob.page, 'Pay €45.00 with this card');
    await until('the charge nobody heard of', async () => (await moneyHeld(tested, lost)) > 0);
    await bob.reads('Held for you, payment under way');
    await tested.provider.behave('normal');
    await bob.reads('Your tickets');
    expect(await moneyHeld(tested, lost)).toBe(4500);
  });

  it('has its ticket late when it cannot be signed', async () => {
    renameSync(tested.keyFile, `${tested.keyFile}.away`);
    const booking = await (await house()).books('Ada', ['A-1']);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Paid: your ticket is late');
    await ada.sees('Ticket is late');
    renameSync(`${tested.keyFile}.away`, tested.keyFile);
    await ada.reads('Your tickets');
  });

  it('is where it was after a reload, and elsewhere; its token is in no address', async () => {
    const booking = await (await house()).books('Ada', ['A-1'], bad);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Your card was declined');
    expect(ada.page.url()).toBe(`${tested.urls.gateway}/b/${booking.bookingId}`);
    await ada.page.reload();
    await ada.reads('Your card was declined');
    const link = await ada.page.getByLabel('Link to this booking').inputValue();
    const phone = await sitDown({ width: 320, height: 640 });
    await phone.page.goto(link);
    await phone.reads('Your card was declined');
    await press(phone.page, 'Pay €45.00 with this card');
    await phone.reads('Your tickets');
    await ada.reads('Your tickets');
    await ada.page.goBack();
    await ada.page.goForward();
    await ada.reads('Your tickets');
    for (const { asked } of [ada, phone]) {
      expect(asked.filter((address) => address.includes(booking.token))).toEqual([]);
    }
    expect(tested.printed()).not.toContain(booking.token);
  });

  it('is not shown to who has half a link', async () => {
    const { bookingId } = await (await house()).books('Ada', ['A-1']);
    const eve = await sitDown();
    await eve.open(`/b/${bookingId}`);
    await eve.reads('This booking cannot be shown');
    await eve.follow({ bookingId, token: 'a-guess-that-is-long-enough' });
    await eve.reads('This booking cannot be shown');
  });

  it('is shown to who has its link, also after a damaged one was opened', async () => {
    const booking = await (await house()).books('Ada', ['A-1']);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Your tickets');
    await ada.follow({ ...booking, token: `${booking.token.slice(0, -4)}oops` });
    await ada.reads('Your tickets');
    await ada.page.reload();
    await ada.reads('Your tickets');
  });

  it('is followed on, without a gap, when the connection was lost', async () => {
    const booking = await (await house()).books('Ada', ['A-1'], bad);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Your card was declined');
    await tested.kill();
    await ada.page.getByText('Connection lost').waitFor();
    const resumed = ada.page.waitForRequest((request) => 'last-event-id' in request.headers());
    expect((await resumed).url()).toContain('/live');
    await press(ada.page, 'Pay €45.00 with this card');
    await ada.page.getByText('Your request is kept here').waitFor();
    await ada.page.reload().catch(() => undefined);
    await restart(...apps);
    await ada.page.goto(`${tested.urls.gateway}/b/${booking.bookingId}`);
    await ada.reads('Your tickets');
    expect(await moneyHeld(tested, booking)).toBe(4500);
    expect((await booking.view()).history.map(({ type }) => type)).toContain(
      'booking.card-replaced',
    );
  });

  it('can be followed and put right by keyboard alone', async () => {
    const booking = await (await house()).books('Ada', ['A-1'], bad);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Your card was declined');
    await tabTo(ada.page, /^Visa ending in 4242/);
    await ada.page.keyboard.press('ArrowDown');
    await tabTo(ada.page, 'Pay €45.00 with this card');
    await ada.page.keyboard.press('Enter');
    await ada.reads('Your tickets');
    await tabTo(ada.page, 'Withdraw the booking …');
    await ada.page.keyboard.press('Enter');
    await ada.page.getByRole('dialog').waitFor();
    await ada.page.keyboard.press('Escape');
    await until(
      'the dialog to be gone',
      async () => (await ada.page.getByRole('dialog').count()) === 0,
    );
    await tabTo(ada.page, 'PDF');
  });
});

describe.each(Object.entries(looks))('the page of a booking, %s,', (how, look) => {
  it.each([
    ['declined', bad, 'Your card was declined'],
    ['ticketed', 'pm_card_visa', 'Your tickets'],
  ])('has no barrier when it is %s, in either language', async (state, card, headline) => {
    const booking = await (await house()).books('Ada', ['A-1', 'A-2'], card);
    await booking.becomes('declined', 'ticketed');
    const ada = await sitDown(look);
    await ada.follow(booking);
    await ada.reads(headline);
    await shoot(ada.page, `booking-${state}-${how}`);
    expect(await barriers(ada.page)).toEqual([]);
    expect(await overflow(ada.page)).toBe(0);
    await press(ada.page, 'Deutsch');
    await ada.page.getByRole('heading', { name: 'Was geschehen ist' }).waitFor();
    await shoot(ada.page, `booking-${state}-${how}-de`);
    expect(await overflow(ada.page)).toBe(0);
    expect(ada.complaints).toEqual([]);
  });
});
