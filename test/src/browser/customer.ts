import type { Booking } from '@ensemble/start/box-office';
import type { Browser, Locator, Page } from 'playwright-core';
import type { EmbeddedSystem } from '../system.ts';
import { type Look, openWindow, type Window } from './look.ts';

/** A customer before a browser of his own. */
export interface Customer extends Window {
  /** Opens an address of the shop. */
  open(path: string): Promise<void>;
  /** Opens a booking by the whole link, as it came on another device. */
  follow(booking: Pick<Booking, 'bookingId' | 'token'>): Promise<void>;
  /** Waits until the booking's page says this first. */
  reads(headline: string | RegExp): Promise<Locator>;
  /** Waits until a step of the booking says this, after the word for how far it is. */
  sees(step: string | RegExp): Promise<void>;
  /** Every address that was asked for, and every referrer that was sent. */
  readonly asked: readonly string[];
}

/** So long a customer waits for a page to say something, in milliseconds. */
const patienceMs = 45_000;

/** Sits down before the shop of a system. */
export const customer = async (
  browser: Browser,
  { urls }: Pick<EmbeddedSystem, 'urls'>,
  look?: Look,
): Promise<Customer> => {
  const opened = await openWindow(browser, look);
  const { page } = opened;
  page.setDefaultTimeout(patienceMs);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url(), request.headers()['referer'] ?? ''));
  const open = async (path: string): Promise<void> => {
    await page.goto(urls.gateway + path);
    await page.locator('main h1').waitFor();
  };
  return {
    ...opened,
    asked,
    open,
    follow: ({ bookingId, token }) => open(`/b/${bookingId}#${token}`),
    reads: async (name) => {
      const heading = page.getByRole('heading', { level: 1, name });
      await heading.waitFor();
      return heading;
    },
    sees: async (hasText) => {
      await stepsOf(page).filter({ hasText }).first().waitFor();
    },
  };
};

/** The steps that a booking's page shows. */
export const stepsOf = (page: Page): Locator => page.locator('.steps li');

/** What the steps say, without when they were. */
export const saidBy = async (page: Page): Promise<string[]> =>
  (await stepsOf(page).locator('span:not([aria-hidden]):not(.unseen)').allTextContents()).map(
    (text) => text.trim(),
  );

/** Presses a button of this name. */
export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).click();
