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
  // A record that nobody can read, and a service that is away for a while.
  tested.expects('dead letter', 'late', 'missing reaction');
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
  ['the ledger', '/records'],
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
    // Chromium complains of an address of nothing, too.
    const expected = pattern === '/nothing' ? [expect.stringContaining('404')] : [];
    expect(windows.flatMap(({ complaints }) => complaints)).toEqual(expected);
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
    await steps.first().waitFor();
    const all = await steps.count();
    await tabTo(page, 'As of');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await until('fewer steps', async () => {
      const some = await steps.count();
      return some > 0 && some < all;
    });
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

describe('an operator', () => {
  /** Says why, and by a token who, in the dialog that is open. */
  const decide = async (page: Page, act: string, why: string): Promise<void> => {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill(why);
    const token = dialog.getByLabel('Your operator’s token');
    if ((await token.count()) > 0) await token.fill(operatorToken);
    await dialog.getByRole('button', { name: act, exact: true }).click();
  };

  it('looks at a dead letter, gives it back, and then all, and what dies again comes back', async () => {
    const page = await look('/dead?service=payment');
    const choices = page.getByRole('checkbox', { name: /^Choose .+ at payment\.dead/ });
    const first = (await choices.first().getAttribute('aria-label')) ?? '';
    await page.getByRole('link', { name: 'booking.requested' }).first().click();
    await page.getByRole('row', { name: /the whole JSON in UTF-8 something else/ }).waitFor();
    await shoot(page, 'hospital-letter');
    await choices.first().check();
    await page.getByRole('button', { name: 'Redrive …' }).click();
    await decide(page, 'Redrive', 'perhaps it can be read now');
    await page.getByText('1 letter redriven.').waitFor();
    // The same bytes cannot be read the second time either: another letter, at another place.
    const again = page.locator(`input[aria-label^="Choose"]:not([aria-label="${first}"])`);
    await again.first().waitFor();
    await page.getByRole('checkbox', { name: first }).waitFor({ state: 'detached' });

    await page.goto(`${tested.urls.monitor}/dead`);
    await page.getByLabel('Choose all').check();
    const chosen = await page.getByText(/^\d+ letters chosen/).innerText();
    await page.getByRole('button', { name: 'Redrive …' }).click();
    await decide(page, 'Redrive', 'all of them once more');
    await page.getByText(`${parseInt(chosen, 10)} letters redriven.`).waitFor();
    await page.goto(`${tested.urls.monitor}/audit`);
    const entries = page.getByRole('table').getByRole('row');
    await entries.filter({ hasText: /operator\s*redrive.+perhaps it can be read now/ }).waitFor();
    const many = entries.filter({ hasText: /operator\s*redrive.+all of them once more/ });
    expect(await many.count()).toBe(parseInt(chosen, 10));
  });

  it('is shown personal data, and is put down for it; nobody else is', async () => {
    const page = await look(`/bookings/${ticketed}`);
    const records = page.getByRole('region', { name: /^On the log/ });
    await records.locator('summary').filter({ hasText: 'booking.requested' }).click();
    await records.getByText('███').first().waitFor();
    expect(await records.innerText()).not.toContain('ada@');
    await page.getByRole('button', { name: 'Show personal data …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your operator’s token').fill('a guess');
    await dialog.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'Operators only' }).waitFor();
    await page.getByRole('button', { name: 'Show personal data …' }).click();
    await dialog.getByLabel('Your operator’s token').fill(operatorToken);
    await dialog.getByRole('button', { name: 'Show', exact: true }).click();
    await records
      .getByText(/ada@watched\.example\.org/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Blot out personal data' }).click();
    await records.getByText('███').first().waitFor();
    await page.goto(`${tested.urls.monitor}/audit`);
    await page.getByRole('row', { name: new RegExp(`operator unblot ${ticketed}`) }).waitFor();
  });
});

describe('the page', () => {
  it('finds records in the ledger by what they are about', async () => {
    const page = await look('/records');
    await page.getByLabel('Booking').fill(ticketed);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.locator('summary').filter({ hasText: 'notification.sent' }).waitFor();
    expect(addressOf(page)).toContain(`booking=${ticketed}`);
  });

  it('shows on the map whole what every node says', async () => {
    const page = await look('/');
    await page.locator('.node.outside').first().waitFor();
    const cut = await page.evaluate<readonly string[]>(`[...document.querySelectorAll('.node')]
      .filter((node) => node.scrollHeight > node.clientHeight || node.scrollWidth > node.clientWidth)
      .map((node) => node.innerText)`);
    expect(cut).toEqual([]);
  });

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
