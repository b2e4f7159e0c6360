import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type EmbeddedSystem, operatorToken, system } from '../system.ts';
import { startChromium } from './chromium.ts';
import { openWindow } from './look.ts';
import { drag, layoutShift, smoothnessOf } from './smoothness.ts';

const rowName = (index: number): string =>
  String.fromCharCode(65 + Math.floor(index / 26)) + String.fromCharCode(65 + (index % 26));
const rows = (count: number, seats: number) =>
  Array.from({ length: count }, (_, index) => ({ row: rowName(index), from: 1, to: seats }));
const price = { amount: 4500, currency: 'EUR' };
const show = { title: 'Aida', venue: 'Arena', startsAt: '2027-03-01T19:30:00.000Z' };
/** 20,000 seats over four sections. */
const arena = {
  showId: 'arena',
  ...show,
  sections: ['north', 'east', 'south', 'west'].map((section) => ({
    section,
    price,
    rows: rows(50, 100),
  })),
};
/** 20,000 seats in one. */
const field = {
  showId: 'field',
  ...show,
  sections: [{ section: 'all', price, rows: rows(100, 200) }],
};

/** Elements that a document may have, whatever the house. */
const elementsAtMost = 6_000;
/** A task of so much work keeps a page from answering, on an idle machine. */
const longTaskMs = 50;

let browser: Browser;
let tested: EmbeddedSystem;
let folder: string;
const pages: Page[] = [];

const say = (what: string, figures: object): void =>
  void process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`);
const elements = (page: Page): Promise<number> =>
  page.evaluate('document.querySelectorAll("*").length');
const look = async (path: string): Promise<Page> => {
  const { page } = await openWindow(browser);
  pages.push(page);
  await page.addInitScript(`{
    const look = () => {
      if (document.querySelector('.map-frame svg > *') === null) requestAnimationFrame(look);
      else requestAnimationFrame(() => (globalThis.mapPaintedMs = Math.round(performance.now())));
    };
    requestAnimationFrame(look);
  }`);
  await page.goto(tested.urls.gateway + path);
  return page;
};
const larger = async (page: Page): Promise<void> => {
  const button = page.getByRole('button', { name: 'Larger' });
  while ((await page.locator('.map-frame.near').count()) === 0) await button.click();
  await page.locator('.seat').first().waitFor();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-house-'));
  writeFileSync(join(folder, 'field.json'), JSON.stringify(field));
  tested = await system();
  await tested.start('provider', 'gateway', 'seat');
  await tested.gateway.openShow(arena, operatorToken);
  browser = await startChromium();
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await tested[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('a house of 20,000 seats', () => {
  it('over sections is there at once, does not jump, and only what is in view is in the document', async () => {
    const page = await look('/shows/arena?section=east');
    await page.locator('.map-frame svg > *').first().waitFor({ state: 'attached' });
    await page.waitForFunction('globalThis.mapPaintedMs !== undefined');
    const paintedMs = await page.evaluate('globalThis.mapPaintedMs');
    const far = await elements(page);
    const whole = await smoothnessOf(page, () => drag(page, '.map-frame', 60));
    await larger(page);
    const near = await elements(page);
    const panned = await smoothnessOf(page, () => drag(page, '.map-frame', 120));
    const shift = await layoutShift(page);
    say('20,000 seats over sections', { paintedMs, far, whole, near, panned, shift });
    for (const each of [whole, panned]) expect(each.longestTaskCpuMs).toBeLessThan(longTaskMs);
    expect(far).toBeLessThan(elementsAtMost);
    expect(near).toBeLessThan(elementsAtMost);
    expect(await elements(page)).toBeLessThan(elementsAtMost);
    expect(shift).toBeLessThan(0.01);
  });

  it('in one section is panned as well', async () => {
    const page = await look('/operator');
    await page.getByLabel('Operator’s token').fill(operatorToken);
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByLabel('From a file').setInputFiles(join(folder, 'field.json'));
    await page.locator('.far-seats').first().waitFor({ state: 'attached' });
    const far = await elements(page);
    const drawn = await smoothnessOf(page, () => larger(page));
    const near = await elements(page);
    const panned = await smoothnessOf(page, () => drag(page, '.map-frame', 120));
    say('20,000 seats in one section', { far, drawn, near, panned });
    for (const each of [drawn, panned]) expect(each.longestTaskCpuMs).toBeLessThan(longTaskMs);
    expect(Math.max(far, near, await elements(page))).toBeLessThan(elementsAtMost);
  });
});
