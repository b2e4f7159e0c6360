import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { bad, type House, openHouse } from '../e2e/house.ts';
import { moneyHeld } from '../e2e/looking.ts';
import { type EmbeddedSystem, system } from '../system.ts';
import { startChromium } from './chromium.ts';
import { type Customer, customer, press } from './customer.ts';
import { focused, tabTo, typeInto } from './keyboard.ts';
import { barriers, type Look, overflow, shoot } from './look.ts';

const looks = {
  light: {},
  dark: { colours: 'dark' },
  narrow: { width: 320, height: 640 },
} as const;
const apps = ['provider', 'gateway', 'seat', 'payment', 'ticket', 'notification'];

let browser: Browser;
let tested: EmbeddedSystem;
let shows = 0;
const customers: Customer[] = [];

const house = (): Promise<House> => openHouse(tested, `ordered-${(shows += 1)}`);

/** A customer who has chosen these seats, and is asked who books. */
const choosing = async (
  { showId }: House,
  seats: readonly string[],
  look?: Look,
): Promise<Customer> => {
  const one = await customer(browser, tested, look);
  customers.push(one);
  await one.open(`/shows/${showId}?section=stalls&seats=${seats.join(',')}&step=book`);
  return one;
};

const fillIn = async ({ page }: Customer, name: string): Promise<void> => {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Mail address').fill(`${name.toLowerCase()}@example.org`);
};

/** How often the seats of a house were asked for, as far as the browser tells. */
const requestsOf = ({ page }: Customer): readonly string[] => {
  const keys: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'POST' || !request.url().endsWith('/api/bookings')) return;
    keys.push(request.headers()['idempotency-key'] ?? '');
  });
  return keys;
};

/** The booking whose page is shown. */
const shownTo = async ({ page }: Customer) => {
  const link = new URL(await page.getByLabel('Link to this booking').inputValue());
  const bookingId = link.pathname.slice('/b/'.length);
  return tested.gateway.bookingOf({ bookingId, token: link.hash.slice(1) });
};

beforeAll(async () => {
  tested = await system();
  await tested.start(...apps);
  browser = await startChromium();
});
afterEach(async () => {
  for (const { page } of customers.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await tested[Symbol.asyncDispose]();
});

describe('a request for seats', () => {
  it('is one booking, whatever is pressed twice, and its page is shown at once', async () => {
    const ada = await choosing(await house(), ['A-1', 'A-2']);
    const requests = requestsOf(ada);
    await fillIn(ada, 'Ada');
    await ada.page.getByRole('button', { name: 'Book 2 seats for €90.00' }).dblclick();
    await ada.reads('Your tickets');
    expect(requests).toHaveLength(1);
    expect(await moneyHeld(tested, await shownTo(ada))).toBe(9000);
    expect(ada.complaints).toEqual([]);

    await ada.page.goBack();
    await ada.page.getByRole('heading', { level: 1, name: 'Król Lear' }).waitFor();
    await ada.page.getByText('€0.00').waitFor();
    await ada.page.goForward();
    await ada.reads('Your tickets');
  });

  it('is the same booking when its answer was lost', async () => {
    const ada = await choosing(await house(), ['A-1']);
    const requests = requestsOf(ada);
    await ada.page.route(
      '**/api/bookings',
      async (route) => {
        await route.fetch();
        await route.abort('connectionreset');
      },
      { times: 1 },
    );
    await fillIn(ada, 'Ada');
    await press(ada.page, 'Book 1 seat for €45.00');
    await ada.reads('Your tickets');
    expect(requests).toHaveLength(2);
    expect(new Set(requests).size).toBe(1);
  });

  it('waits for the connection, and is then sent by itself', async () => {
    const ada = await choosing(await house(), ['A-1']);
    await fillIn(ada, 'Ada');
    await ada.page.context().setOffline(true);
    await press(ada.page, 'Book 1 seat for €45.00');
    await ada.page.getByText('There is no connection').waitFor();
    await shoot(ada.page, 'ordering-offline');
    await ada.page.context().setOffline(false);
    await ada.reads('Your tickets');
  });

  it('outlives a reload while nobody answers', async () => {
    const hall = await house();
    const ada = await choosing(hall, ['A-1']);
    await fillIn(ada, 'Ada');
    await ada.page.route('**/api/bookings', (route) => route.abort());
    await press(ada.page, 'Book 1 seat for €45.00');
    await ada.page.getByText('There is no connection').waitFor();
    const requests = requestsOf(ada);
    await ada.page.unroute('**/api/bookings');
    await ada.page.reload();
    await ada.reads('Your tickets');
    expect(requests).toHaveLength(1);
    expect(await hall.seats()).toMatchObject({ 'A-1': 'sold', 'A-2': 'free' });
  });

  it('that comes too late is answered with other seats, booked with one press', async () => {
    const hall = await house();
    const ada = await choosing(hall, ['A-1', 'A-2']);
    await fillIn(ada, 'Ada');
    await (await hall.books('Bob', ['A-2'])).becomes('ticketed');
    await press(ada.page, 'Book 2 seats for €90.00');
    await ada.reads('These seats were taken');
    await ada.page.locator('.verdict p').getByText('A-2 was gone').waitFor();
    await shoot(ada.page, 'ordering-too-late');
    await press(ada.page, 'Book A-3 and A-4 instead');
    await ada.reads('Your tickets');
    expect(await hall.seats()).toMatchObject({ 'A-1': 'free', 'A-3': 'sold', 'A-4': 'sold' });
  });

  it('is not sent before it can be told who books', async () => {
    const ada = await choosing(await house(), ['A-1']);
    const requests = requestsOf(ada);
    await press(ada.page, 'Book 1 seat for €45.00');
    await ada.page.getByText('Please enter a name').waitFor();
    expect(await focused(ada.page)).toContain('Name');
    await ada.page.getByLabel('Name', { exact: true }).fill('Ada');
    await ada.page.getByLabel('Mail address').fill('ada');
    await press(ada.page, 'Book 1 seat for €45.00');
    await ada.page.getByText('such as ada@example.org').waitFor();
    expect(await barriers(ada.page)).toEqual([]);
    await shoot(ada.page, 'ordering-faults');
    expect(requests).toEqual([]);
  });

  it('is made by keyboard alone, and by the same customer again without typing', async () => {
    const hall = await house();
    const ada = await choosing(hall, ['A-1']);
    await typeInto(ada.page, 'Name', 'Ada');
    await typeInto(ada.page, 'Mail address', 'ada@example.org');
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.press('ArrowDown');
    await tabTo(ada.page, 'Book 1 seat for €45.00');
    await ada.page.keyboard.press('Enter');
    await ada.reads('Your tickets');
    expect(await focused(ada.page)).toContain('tickets');
    await ada.open(`/shows/${hall.showId}?section=stalls&seats=A-5&step=book`);
    await press(ada.page, 'Book 1 seat for €45.00');
    await ada.reads('Your tickets');
  });

  it('with a card that is declined is put right on the page that it leads to', async () => {
    const ada = await choosing(await house(), ['A-1']);
    await fillIn(ada, 'Ada');
    await ada.page.locator(`input[value=${bad}]`).check();
    await press(ada.page, 'Book 1 seat for €45.00');
    await ada.reads('Your card was declined');
    await press(ada.page, 'Pay €45.00 with this card');
    await ada.reads('Your tickets');
  });
});

it.each(Object.entries(looks))(
  'the form has no barrier, %s, in either language',
  async (how, as) => {
    const ada = await choosing(await house(), ['A-1', 'A-2'], as);
    await ada.page.getByLabel('Name', { exact: true }).waitFor();
    await shoot(ada.page, `ordering-${how}`);
    expect(await barriers(ada.page)).toEqual([]);
    expect(await overflow(ada.page)).toBe(0);
    await press(ada.page, 'Deutsch');
    await ada.page.getByRole('button', { name: '2 Plätze für 90,00 € buchen' }).waitFor();
    await shoot(ada.page, `ordering-${how}-de`);
    expect(await overflow(ada.page)).toBe(0);
    expect(ada.complaints).toEqual([]);
  },
);
