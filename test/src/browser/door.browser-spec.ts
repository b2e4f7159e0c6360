import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type House, openHouse } from '../e2e/house.ts';
import { type EmbeddedSystem, stewardToken, system } from '../system.ts';
import { startChromium } from './chromium.ts';
import { focused, tabTo, typeInto } from './keyboard.ts';
import { barriers, type Look, openWindow, overflow, shoot, type Window } from './look.ts';

const apps = ['provider', 'gateway', 'seat', 'payment', 'ticket', 'notification'];
const looks = {
  light: {},
  dark: { colours: 'dark' },
  narrow: { width: 320, height: 640 },
} as const;

let browser: Browser;
let tested: EmbeddedSystem;
let house: House;
let seats = 0;
const windows: Window[] = [];

beforeAll(async () => {
  tested = await system();
  await tested.start(...apps);
  house = await openHouse(tested, 'door', 40);
  browser = await startChromium();
});
afterEach(async () => {
  for (const { page } of windows.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await tested[Symbol.asyncDispose]();
});

/** A ticket for so many seats: the code of each, and that for all. */
const sold = async (count = 1) => {
  const names = Array.from({ length: count }, () => `A-${(seats += 1)}`);
  const booking = await house.books('Ada', names);
  const { ticket } = await booking.becomes('ticketed');
  return {
    booking,
    names,
    code: ticket?.code ?? '',
    codes: ticket?.seats.map((s) => s.code) ?? [],
  };
};

const arrive = async (look: Look = {}): Promise<Page> => {
  const opened = await openWindow(browser, look);
  windows.push(opened);
  await opened.page.goto(`${tested.urls.ticket}/door`);
  await opened.page.getByRole('heading', { level: 1, name: 'Door' }).waitFor();
  return opened.page;
};
/** Opens the door by keyboard alone. */
const open = async (page: Page, token = stewardToken): Promise<void> => {
  await typeInto(page, 'Token of the steward or gate', token);
  await page.keyboard.press('Enter');
  await page.getByLabel('Code of a ticket').waitFor();
};
const door = async (look: Look = {}, token?: string): Promise<Page> => {
  const page = await arrive(look);
  const keys = page.waitForResponse((response) => response.url().endsWith('/keys'));
  await open(page, token);
  await keys;
  return page;
};
/** Shows a code as a hand scanner does, and waits for what is said of it. */
const shows = async (page: Page, code: string, says: string | RegExp): Promise<string> => {
  expect(await focused(page)).toBe('Code of a ticket');
  await page.keyboard.insertText(code);
  await page.keyboard.press('Enter');
  const verdict = page.locator('.verdict[role=status]');
  await verdict.filter({ hasText: says }).waitFor();
  return verdict.innerText();
};

describe('the door', () => {
  it('lets in by keyboard alone, once, and keeps the token until the window closes', async () => {
    const { codes, names } = await sold();
    const page = await door();
    const said = await shows(page, codes[0] ?? '', 'Let in');
    expect(said).toContain(`Seat ${names[0]}`);
    expect(said).toContain('Section stalls');
    expect(said).toContain('Król Lear: door');
    await shoot(page, 'door-in');
    const again = await shows(page, codes[0] ?? '', 'Do not let in');
    expect(again).toMatch(/came in at .*, at north-door/);
    await shoot(page, 'door-again');
    await page.reload();
    await page.getByLabel('Code of a ticket').waitFor();
    expect(await page.evaluate('localStorage.getItem("ensemble.steward")')).toBeNull();
  });

  it('lets in on all seats of a booking, and says which were in before', async () => {
    const { code, codes, names } = await sold(3);
    const page = await door();
    await shows(page, codes[1] ?? '', 'Let in');
    const said = await shows(page, code, `Seats ${names[0]} and ${names[2]}`);
    expect(said).toContain(`${names[1]}: somebody came in`);
  });

  it('does not let in on what is forged or revoked', async () => {
    const { codes, booking } = await sold();
    const page = await door();
    const [text = '', signature = ''] = codes[0]?.split('.') ?? [];
    const forged = `${text}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await shows(page, forged, 'Do not let in')).toContain('no ticket of ours');
    await booking.withdraw();
    await booking.hears('ticket.revoked');
    expect(await shows(page, codes[0] ?? '', 'revoked')).toContain('Do not let in');
  });

  it('asks for the token again when nobody has it', async () => {
    const { codes } = await sold();
    const page = await door({}, 'of-nobody');
    await shows(page, codes[0] ?? '', 'The token is of no steward');
    await tabTo(page, 'Use another token');
    await page.keyboard.press('Enter');
    await open(page);
    await shows(page, codes[0] ?? '', 'Let in');
  });

  it('goes on without a connection, says what it could not ask, and tells of it later', async () => {
    const [alone, twice] = [await sold(), await sold()];
    const page = await door();
    const other = await door({}, `${stewardToken}-of-the-south`);
    await shows(other, twice.codes[0] ?? '', 'Let in');

    await page.context().setOffline(true);
    const said = await shows(page, alone.codes[0] ?? '', 'Let in, not fully checked');
    expect(said).toContain('could not be asked');
    await shoot(page, 'door-offline');
    expect(await shows(page, alone.codes[0] ?? '', 'Do not let in')).toContain('at this door');
    await shows(page, twice.codes[0] ?? '', 'Let in, not fully checked');
    await shows(page, 'rubbish', 'no ticket of ours');
    await page.getByText('2 admissions made without a connection').waitFor();

    await page.context().setOffline(false);
    await page.getByText('2 admissions made without a connection').waitFor({ state: 'detached' });
    const trouble = page.getByRole('listitem').filter({ hasText: 'had come in on it before' });
    await trouble.waitFor();
    expect(await trouble.innerText()).toMatch(/at south-door/);
    await shoot(page, 'door-trouble');
    const { history } = await alone.booking.hears('ticket.admitted');
    expect(history.map(({ type }) => type)).toContain('ticket.admitted');
    await trouble.getByRole('button', { name: 'Seen to' }).click();
    await trouble.waitFor({ state: 'detached' });
  });

  it('speaks German to those who read it', async () => {
    const page = await door();
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { level: 1, name: 'Einlass' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
  });

  it.each(Object.entries(looks))('has no barrier, %s', async (how, look) => {
    const { codes } = await sold();
    const page = await arrive(look);
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await shoot(page, `door-token-${how}`);
    await open(page);
    expect(await barriers(page)).toEqual([]);
    for (const says of ['Let in', 'Do not let in']) {
      await shows(page, codes[0] ?? '', says);
      expect(await barriers(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
    await shoot(page, `door-${how}`);
    expect(windows.at(-1)?.complaints.filter((each) => !/ 409 /.test(each))).toEqual([]);
  });
});
