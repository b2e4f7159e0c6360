import { until } from '@ensemble/start/until';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { price } from '../e2e/house.ts';
import { type EmbeddedSystem, operatorToken, system } from '../system.ts';
import { startChromium } from './chromium.ts';
import { customer, press } from './customer.ts';
import { focused, tabTo } from './keyboard.ts';
import { barriers, openWindow, overflow, shoot, type Window } from './look.ts';
import { prefixProxy } from './prefix-proxy.ts';
import { layoutShift } from './smoothness.ts';

const looks = {
  light: {},
  dark: { colours: 'dark' },
  narrow: { width: 320, height: 640 },
} as const;

/** Twelve rows of twenty, and a small balcony. */
const hamlet = {
  showId: 'chosen',
  title: 'Hamlet',
  venue: 'Globe',
  startsAt: '2027-03-01T19:30:00.000Z',
  sections: [
    {
      section: 'stalls',
      price,
      rows: 'ABCDEFGHIJKL'.split('').map((row) => ({ row, from: 1, to: 20 })),
    },
    {
      section: 'balcony',
      price: { amount: 3000, currency: 'EUR' },
      rows: [
        { row: 'A', from: 1, to: 4 },
        { row: 'A', from: 7, to: 10 },
      ],
    },
  ],
};

/** How a race ends for who was quicker, and for the other. */
const won = 'Your tickets';
const lost = 'These seats were taken';

let browser: Browser;
let tested: EmbeddedSystem;
const windows: Window[] = [];

const look = async (path: string, how: Parameters<typeof openWindow>[1] = {}): Promise<Page> => {
  const opened = await openWindow(browser, how);
  windows.push(opened);
  await opened.page.goto(tested.urls.gateway + path);
  await opened.page.locator('main h1').waitFor();
  return opened.page;
};
const complaints = (): string[] => windows.flatMap((each) => each.complaints);
const seat = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const chosen = (page: Page) => page.getByRole('region', { name: 'Your choice' });
const wish = (name: string, seats: readonly string[]) => ({
  showId: hamlet.showId,
  section: 'stalls',
  seats: [...seats],
  customer: { name, email: `${name.toLowerCase()}@example.org` },
  card: 'pm_card_visa',
});

beforeAll(async () => {
  tested = await system();
  await tested.start('provider', 'gateway', 'seat', 'payment', 'ticket', 'notification');
  await tested.gateway.openShow(hamlet, operatorToken);
  const zoe = await tested.gateway.book(wish('Zoe', ['C-9', 'C-10', 'C-11']));
  await zoe.becomes('ticketed');
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
  ['shows', '/'],
  ['map', '/shows/chosen?section=balcony&seats=A-2,A-3'],
  ['list', '/shows/chosen?section=balcony'],
  ['no show', '/shows/nothing'],
  ['box office', '/operator'],
  ['nothing here', '/nothing'],
])('%s', (name, path) => {
  it.each(Object.entries(looks))('has no barrier, %s', async (how, as) => {
    const page = await look(path, as);
    await page.locator('main [aria-busy=true]').waitFor({ state: 'detached' });
    if (name === 'list') await page.getByRole('button', { name: 'List', exact: true }).click();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await shoot(page, `customers-${name.replaceAll(' ', '-')}-${how}`);
    // What is not there is told by its status, which the browser notes.
    const isMissing = name === 'nothing here' || name === 'no show';
    expect(complaints().filter((each) => !(isMissing && each.includes('404')))).toEqual([]);
  });
});

describe('seats are chosen', () => {
  it('by mouse on the map, and given up again', async () => {
    const page = await look('/shows/chosen?section=stalls');
    await seat(page, 'Row D, seat 10, €45.00, free').click();
    await seat(page, 'Row D, seat 11, €45.00, free').click();
    await chosen(page).getByText('€90.00').waitFor();
    await chosen(page).getByRole('button', { name: 'Give up Row D, seat 10' }).click();
    await chosen(page).getByRole('button', { name: 'Book 1 seat' }).waitFor();
    expect(page.url()).toContain('seats=D-11');
    await seat(page, 'Row C, seat 10, €45.00, sold').click({ force: true });
    await chosen(page).getByRole('status').getByText('it cannot be chosen').waitFor();
    await page.reload();
    await chosen(page).getByText('Row D, seat 11').waitFor();
  });

  it('by keyboard alone, on the map', async () => {
    const page = await look('/shows/chosen?section=stalls');
    await tabTo(page, /^Row A, seat 1[01], €45\.00, free$/);
    const [, first] = /seat (\d+)/.exec(await focused(page)) ?? [];
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const next = `Row B, seat ${Number(first) + 1}, €45.00, free`;
    await until('the focus to follow', async () => (await focused(page)) === next);
    await page.keyboard.press('Enter');
    await chosen(page)
      .getByText(`Row B, seat ${Number(first) + 1}`)
      .waitFor();
    expect(await seat(page, next).getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press(' ');
    await chosen(page).getByText('No seat yet').waitFor();
    await page.keyboard.press('End');
    await until('the end of the row', async () => (await focused(page)).includes('seat 20'));
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('Home');
    await until(
      'a row’s begin',
      async () => (await focused(page)) === 'Row B, seat 1, €45.00, free',
    );
    expect(await seat(page, 'Row B, seat 1, €45.00, free').isVisible()).toBe(true);
  });

  it('from the list, where each seat is a button with its name', async () => {
    const page = await look('/shows/chosen?section=balcony');
    await tabTo(page, 'List');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Row A, seat 7, €30.00, free');
    await page.keyboard.press('Enter');
    await chosen(page).getByText('€30.00').first().waitFor();
    expect(await seat(page, 'Row A, seat 7, €30.00, free').getAttribute('aria-pressed')).toBe(
      'true',
    );
  });

  it('the best of them with one press, side by side', async () => {
    const page = await look('/shows/chosen?section=stalls');
    await page.getByRole('combobox', { name: 'Seats' }).selectOption('3');
    await page.getByRole('button', { name: 'Choose the best' }).click();
    await chosen(page).getByRole('button', { name: 'Book 3 seats' }).waitFor();
    expect(page.url()).toMatch(/seats=A-9%2CA-10%2CA-11|seats=A-10%2CA-11%2CA-12/);
  });

  it('no more than eight', async () => {
    const page = await look('/shows/chosen?section=stalls&seats=E-1,E-2,E-3,E-4,E-5,E-6,E-7,E-8');
    await seat(page, 'Row E, seat 9, €45.00, free').click();
    await chosen(page).getByRole('status').getByText('at most 8 seats').waitFor();
    await chosen(page).getByRole('button', { name: 'Book 8 seats' }).waitFor();
  });

  it('in German where the reader wishes, and money as it is written there', async () => {
    const page = await look('/shows/chosen?section=stalls&seats=F-1');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page
      .getByRole('region', { name: 'Ihre Wahl' })
      .getByText(/^45,00.€$/)
      .first()
      .waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    await page.reload();
    await page.getByRole('button', { name: /^Reihe F, Platz 1, 45,00.€, frei$/ }).waitFor();
  });
});

describe('the map', () => {
  const scale = (page: Page): Promise<number> =>
    page.evaluate("document.querySelector('.map-frame .seats').clientWidth");

  it('is zoomed by wheel, buttons and keys, and dragged without choosing', async () => {
    const page = await look('/shows/chosen?section=stalls');
    const middle = seat(page, 'Row F, seat 10, €45.00, free');
    // It has its size once it was laid out.
    await until('the map in its size', async () => (await scale(page)) > 100);
    const before = await scale(page);
    await middle.hover();
    await page.mouse.wheel(0, -300);
    await until('a larger map', async () => (await scale(page)) > before);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await until('the whole map', async () => (await scale(page)) === before);
    await page.getByRole('button', { name: 'Larger' }).click();
    await page.getByRole('button', { name: 'Larger' }).click();
    await until('a larger map', async () => (await scale(page)) > before);
    const was = await middle.boundingBox();
    await middle.hover();
    await page.mouse.down();
    await page.mouse.move((was?.x ?? 0) + 60, (was?.y ?? 0) + 40, { steps: 5 });
    await page.mouse.up();
    await until('the map to follow', async () => {
      const box = await middle.boundingBox();
      return (box?.x ?? 0) - (was?.x ?? 0) > 30;
    });
    await chosen(page).getByText('No seat yet').waitFor();
  });

  it('is seen whole on a phone, and single seats are large enough after a touch', async () => {
    const { page, complaints } = await openWindow(browser, { width: 390, height: 780 });
    windows.push({ page, complaints });
    await page.goto(`${tested.urls.gateway}/shows/chosen?section=stalls`);
    await page.locator('.map-frame.far').click();
    const box = await page.locator('.seat.f').first().boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
    await shoot(page, 'customers-map-phone');
  });

  it('does not jump while it comes, nor when a seat is chosen', async () => {
    const page = await look('/shows/chosen?section=stalls');
    await seat(page, 'Row F, seat 10, €45.00, free').waitFor();
    expect(await layoutShift(page)).toBeLessThan(0.01);
  });
});

describe('the page', () => {
  it('works under a prefix of a reverse proxy that it knows nothing of', async () => {
    await using proxy = await prefixProxy('/tickets', tested.urls.gateway);
    const { page, complaints } = await openWindow(browser);
    windows.push({ page, complaints });
    await page.goto(`${proxy.url}/tickets/`);
    await page
      .getByRole('link', { name: /Hamlet.*Globe/ })
      .last()
      .click();
    await page.getByRole('link', { name: /Stalls/ }).click();
    await seat(page, 'Row F, seat 10, €45.00, free').click();
    await chosen(page).getByText('€45.00').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/tickets/shows/chosen');
    await page.reload();
    await chosen(page).getByText('Row F, seat 10').waitFor();
    await page.getByRole('link', { name: 'Ensemble' }).click();
    await page.getByRole('heading', { name: 'Shows' }).waitFor();
    await page.goBack();
    await chosen(page).getByText('Row F, seat 10').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('another customer', () => {
  it('is seen within a second, and takes nothing of the choice but his seats', async () => {
    const page = await look('/shows/chosen?section=stalls&seats=G-1,G-2,G-3');
    await chosen(page).getByText('€135.00').waitFor();
    const { becomes } = await tested.gateway.book(wish('Bob', ['G-2', 'G-9']));
    const begun = Date.now();
    await seat(page, 'Row G, seat 9, €45.00, free').waitFor({ state: 'detached' });
    const tookMs = Date.now() - begun;
    expect(tookMs).toBeLessThan(1_000);
    await chosen(page).getByRole('status').getByText('Row G, seat 2 is no longer free').waitFor();
    await chosen(page).getByText('€90.00').waitFor();
    await shoot(page, 'customers-seat-taken-meanwhile');
    await becomes('ticketed');
  });

  it('may press at the same moment: one of the two has the seat, and the other is told', async () => {
    const racers = await Promise.all([1, 2].map(() => customer(browser, tested)));
    windows.push(...racers);
    for (const { open, page } of racers) {
      await open('/shows/chosen?section=stalls&seats=L-20&step=book');
      await page.getByLabel('Name').fill('Ada Racer');
      await page.getByLabel('Mail address').fill('ada@example.org');
    }
    await Promise.all(racers.map(({ page }) => press(page, /^Book/)));
    const headlines = await Promise.all(
      racers.map(async ({ reads }) => (await reads(new RegExp(`${won}|${lost}`))).innerText()),
    );
    expect(headlines.toSorted()).toEqual([lost, won]);
  });
});
