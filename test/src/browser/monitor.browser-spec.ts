import { until } from '@ensemble/start/until';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { unreadable } from '../e2e/bad-records.ts';
import { type House, openHouse } from '../e2e/house.ts';
import { requestFor } from '../e2e/request.ts';
import { type EmbeddedSystem, operatorToken, system } from '../system.ts';
import { startChromium } from './chromium.ts';
import { focused, tabTo, typeInto } from './keyboard.ts';
import { barriers, openWindow, overflow, shoot, type Window } from './look.ts';

const withoutSeat = ['provider', 'gateway', 'payment', 'ticket', 'notification', 'monitor'];
const looks = {
  light: {},
  dark: { colours: 'dark' },
  narrow: { width: 320, height: 640 },
} as const;

let browser: Browser;
let tested: EmbeddedSystem;
let house: House;
/** A booking that got its tickets. */
let ticketed: string;
const windows: Window[] = [];

const look = async (path: string, how: Parameters<typeof openWindow>[1] = {}): Promise<Page> => {
  const opened = await openWindow(browser, how);
  windows.push(opened);
  await opened.page.goto(tested.urls.monitor + path);
  await opened.page.locator('main h1').waitFor();
  return opened.page;
};
const addressOf = (page: Page): string => page.url().slice(tested.urls.monitor.length);

/** Who hears of bookings, and cannot read the record that nobody can. */
const hearers = ['seat', 'payment', 'ticket', 'notification'];

beforeAll(async () => {
  tested = await system();
  tested.expects('dead letter');
  await tested.start();
  house = await openHouse(tested, 'watched');
  const ada = await house.books('Ada', ['A-1', 'A-2']);
  await ada.ends('ticketed');
  ticketed = ada.bookingId;
  const bob = await house.books('Bob', ['A-1']);
  await bob.ends('refused');
  await tested.stop();
  // Letters for the hospital.
  const malformed = unreadable['malformed JSON']!(requestFor('watched', 'Eve'));
  await tested.append([malformed]);
  await tested.start();
  browser = await startChromium();
});
afterEach(async () => {
  for (const { page } of windows.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await tested[Symbol.asyncDispose]();
});

describe.each([
  ['the map', '/'],
  ['the list of bookings', '/bookings'],
  ['a story', '/bookings/:id'],
  ['the stuck board', '/stuck'],
  ['conformance', '/conformance'],
  ['the hospital', '/dead'],
  ['analytics', '/analytics'],
  ['insights', '/insights'],
  ['what-if', '/what-if'],
  ['the audit log', '/audit'],
  ['an address of nothing', '/nothing'],
])('%s', (name, pattern) => {
  it.each(Object.entries(looks))('has no barrier, %s', async (how, as) => {
    const page = await look(pattern.replace(':id', ticketed), as);
    await page.locator('main [aria-busy=true]').waitFor({ state: 'detached' });
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await shoot(page, `${name.replaceAll(' ', '-')}-${how}`);
    expect(windows.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});

describe('by keyboard alone', () => {
  it('a booking is found, and its story read as it was at a moment', async () => {
    const page = await look('/');
    await tabTo(page, 'Skip to the content');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toContain('Live map');
    await page.keyboard.press('Shift+Tab');
    await tabTo(page, 'Bookings');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bookings' }).waitFor();
    await typeInto(page, 'Booking, place or seat', ticketed);
    await page.keyboard.press('Enter');
    await page.getByText('1 booking shown').waitFor();
    await tabTo(page, ticketed);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Booking ${ticketed}` }).waitFor();
    const steps = page.locator('.steps li');
    const all = await until('steps', () => steps.count());
    await tabTo(page, 'As of');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await until('fewer steps', async () => (await steps.count()) < all);
    expect(addressOf(page)).toMatch(/[?]at=\d{4}-/);
  });

  it('a part of the map is chosen, and told in words', async () => {
    const page = await look('/');
    await tabTo(page, 'service seat');
    await page.keyboard.press('Enter');
    const told = page.getByRole('region', { name: 'Selected: seat' });
    await told
      .getByRole('row', { name: /booking\.requested/ })
      .first()
      .waitFor();
  });

  it('a dead letter is looked at and discarded, in the name of an operator who says why', async () => {
    const page = await look('/dead');
    const letters = page.getByRole('table', { name: 'Dead letters' }).locator('tbody tr');
    // Everybody who hears of bookings buried it, each in his own time: one more is not one less.
    const before = hearers.length;
    await until('a letter of each hearer', async () => (await letters.count()) === before);
    await tabTo(page, /^Choose .+ at /);
    await page.keyboard.press('Space');
    await tabTo(page, 'Discard …');
    await page.keyboard.press('Enter');
    await typeInto(page, 'Why', 'nobody knows Eve');
    await typeInto(page, 'Your operator’s token', 'a guess');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Operators only' }).waitFor();
    await shoot(page, 'hospital-refused');
    await page.getByLabel('Your operator’s token').fill('');
    await typeInto(page, 'Your operator’s token', operatorToken);
    await page.keyboard.press('Enter');
    await page.getByText('1 letter discarded.').waitFor();
    let shown = '';
    await until(
      () => `a letter less; the page shows ${shown}`,
      async () => {
        shown = await page.locator('main').innerText();
        return (await letters.count()) === before - 1;
      },
    );
    await shoot(page, 'hospital-discarded');
    expect(page.url()).not.toContain(operatorToken);
    await page.goto(`${tested.urls.monitor}/audit`);
    await page.getByRole('row', { name: /operator discard .+ nobody knows Eve/ }).waitFor();
  });
});

describe('the page', () => {
  it('says when it lost the monitor, and a service that is away makes bookings stuck until it is back', async () => {
    const page = await look('/stuck');
    await page.getByText('No booking is stuck').first().waitFor();
    await tested.stop();
    await page.getByText('Not live').waitFor();
    await tested.start(...withoutSeat);
    const { bookingId } = await house.books('Cleo', ['A-3']);
    const row = page.getByRole('link', { name: bookingId.slice(0, 12) });
    await row.waitFor();
    await page.getByRole('heading', { name: /^seat owes .+ after booking\.requested$/ }).waitFor();
    await shoot(page, 'stuck-board-with-a-booking');
    await tested.start();
    await row.waitFor({ state: 'detached' });
    await page.getByText('No booking is stuck').first().waitFor();
  });

  it('tells what another subscriber would hear', async () => {
    const page = await look('/what-if');
    await page.getByRole('button', { name: 'Find out' }).click();
    const told = page.getByRole('region', { name: 'What would be' });
    await told.getByRole('row', { name: /payment\.received payment/ }).waitFor();
  });
});
