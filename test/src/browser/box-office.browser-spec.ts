import { until } from '@ensemble/start/until';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type EmbeddedSystem, operatorToken, system } from '../system.ts';
import { startChromium } from './chromium.ts';
import { tabTo, typeInto } from './keyboard.ts';
import { barriers, type Look, openWindow, overflow, shoot, type Window } from './look.ts';

let browser: Browser;
let tested: EmbeddedSystem;
const windows: Window[] = [];

const look = async (how: Look = {}): Promise<Page> => {
  const opened = await openWindow(browser, how);
  windows.push(opened);
  await opened.page.goto(`${tested.urls.gateway}/operator`);
  await opened.page.locator('main h1').waitFor();
  return opened.page;
};
const enter = async (page: Page): Promise<void> => {
  await page.getByLabel('Operator’s token').fill(operatorToken);
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByRole('heading', { name: 'Sales' }).waitFor();
};

beforeAll(async () => {
  tested = await system();
  await tested.start('provider', 'gateway', 'seat', 'payment', 'ticket', 'notification');
  browser = await startChromium();
});
afterEach(async () => {
  for (const { page } of windows.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await tested[Symbol.asyncDispose]();
});

describe('the box office', () => {
  it('asks who it is, and says when nobody has the token', async () => {
    const page = await look();
    await typeInto(page, 'Operator’s token', 'a guess');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Nobody has this token').waitFor();
    expect(page.url()).not.toContain('guess');
  });

  it('puts a show on sale by keyboard alone, as it was seen before', async () => {
    const page = await look();
    await enter(page);
    await typeInto(page, 'Title', 'King Lear');
    await typeInto(page, 'Venue', 'Globe');
    await page.getByLabel('Begins').fill('2027-05-01T19:30');
    await typeInto(page, 'Name', 'Stalls');
    await typeInto(page, 'Price of a seat', '45.50');
    await page.getByLabel('Rows').fill('4');
    await page.getByLabel('Seats in a row').fill('8');
    const preview = page.getByRole('region', { name: 'As customers will see it' });
    await preview.getByRole('button', { name: 'Row D, seat 8, €45.50, free' }).waitFor();
    await tabTo(page, 'Put on sale');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'king-lear-2027-05-01' }).click();
    await page.getByRole('heading', { name: 'King Lear' }).waitFor();
    await page.getByText('32 free').first().waitFor();
  });

  it('draws a show from a file, and says where the gateway finds it wrong', async () => {
    const rows = [
      { row: 'A', from: 1, to: 4 },
      { row: 'A', from: 4, to: 6 },
    ];
    const price = { amount: 4500, currency: 'EUR' };
    const show = {
      showId: 'twice',
      title: 'Twice',
      venue: 'Globe',
      startsAt: '2027-03-01T19:30:00.000Z',
      sections: [{ section: 'stalls', price, rows }],
    };
    const file = (text: string) => ({
      name: 'show.json',
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
    const page = await look();
    await enter(page);
    await page.getByLabel('From a file').setInputFiles(file('no show'));
    await page.getByRole('alert').getByText('The file is not JSON').waitFor();
    await page.getByLabel('From a file').setInputFiles(file(JSON.stringify(show)));
    await page.getByRole('option', { name: 'Stalls: 7 free' }).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Put on sale' }).click();
    await page
      .getByRole('list', { name: 'What is wrong with it' })
      .getByText('/sections/0/rows')
      .waitFor();
  });

  it('sees what was sold and what it brought, as it changes', async () => {
    const page = await look();
    await enter(page);
    const hall = page.locator('.sold-shows > li', { hasText: 'Late Jazz' });
    const all = hall.getByRole('row', { name: /^All/ });
    await until('nothing sold', async () => (await all.innerText()).includes('€0.00'));
    const booking = await tested.gateway.book({
      showId: 'late-jazz',
      section: 'tables',
      seats: ['A-1', 'A-2'],
      customer: { name: 'Ada', email: 'ada@example.org' },
      card: 'pm_card_visa',
    });
    await booking.becomes('ticketed');
    await hall.getByRole('row', { name: /^All 2 0 78 €40\.00$/ }).waitFor();
  });

  it.each(
    Object.entries({ light: {}, dark: { colours: 'dark' }, narrow: { width: 320 } } as const),
  )('has no barrier, %s', async (how, as) => {
    const page = await look(as);
    await enter(page);
    await page.locator('.sold-shows > li').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await shoot(page, `box-office-entered-${how}`);
    expect(windows.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});
