import { until } from '@ensemble/start/until';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { bad, type House, openHouse } from '../e2e/house.ts';
import { moneyHeld, seatIs } from '../e2e/looking.ts';
import { type PostOffice, postOffice } from '../e2e/post-office.ts';
import { type EmbeddedSystem, system } from '../system.ts';
import { startChromium } from './chromium.ts';
import { type Customer, customer, press } from './customer.ts';
import { shoot } from './look.ts';

/** Long enough to see that a card was declined, and to wait until it is over. */
const holdSeconds = 8;
const apps = ['provider', 'gateway', 'seat', 'payment', 'ticket', 'notification'];

let browser: Browser;
let post: PostOffice;
let tested: EmbeddedSystem;
let shows = 0;
const customers: Customer[] = [];

const house = (): Promise<House> => openHouse(tested, `short-${(shows += 1)}`);
const sitDown = async (): Promise<Customer> => {
  const one = await customer(browser, tested);
  customers.push(one);
  return one;
};

beforeAll(async () => {
  post = await postOffice();
  await post.open();
  tested = await system({ env: { HOLD_SECONDS: String(holdSeconds), SMTP_URL: post.url } });
  await tested.start(...apps);
  browser = await startChromium();
});
afterEach(async () => {
  for (const { page } of customers.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await tested[Symbol.asyncDispose]();
  post.close();
});

describe('when a hold runs out, the page of a booking', () => {
  it('says so, then that it failed, and leads back to the same seats', async () => {
    const hall = await house();
    const booking = await hall.books('Ada', ['A-1'], bad);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Your card was declined');
    await ada.page.getByRole('timer').filter({ hasText: /0:0\d/ }).waitFor();
    await ada.reads('Not booked: no card was accepted in time');
    await ada.sees('Seats released');
    await seatIs(hall, 'A-1', 'free');
    await shoot(ada.page, 'booking-failed');
    await ada.page.getByRole('link', { name: 'Try the same seats again' }).click();
    await ada.page.getByRole('heading', { level: 1, name: 'Król Lear' }).waitFor();
    expect(ada.page.url()).toContain('seats=A-1');
  });

  it('waits for an attempt that is under way, and says that the provider was away', async () => {
    await tested.provider.behave('down');
    const hall = await house();
    const booking = await hall.books('Ada', ['A-1']);
    const ada = await sitDown();
    await ada.follow(booking);
    await ada.reads('Held for you, payment under way');
    await ada.reads('Payment is still being decided');
    await shoot(ada.page, 'booking-paying-late');
    await ada.reads('Not booked: the payment could not be made');
    await tested.provider.behave('normal');
    await ada.sees('Seats released');
    expect(await moneyHeld(tested, booking)).toBe(0);
  });
});

it('a mail that cannot be delivered leaves the tickets on the page', async () => {
  const booking = await (await house()).books('Nobody', ['A-1']);
  const nobody = await sitDown();
  await nobody.follow(booking);
  await nobody.reads('Your tickets');
  await nobody.sees('Mail could not be delivered');
  await nobody.page.getByRole('img', { name: /QR code/ }).waitFor();
  await shoot(nobody.page, 'booking-without-mail');
});

it('a withdrawal while a charge is open ends without a ticket, and without the money', async () => {
  const booking = await (await house()).books('Ada', ['A-1'], bad);
  const ada = await sitDown();
  await ada.follow(booking);
  await ada.reads('Your card was declined');
  await tested.provider.behave('lose-answer');
  await press(ada.page, 'Pay €45.00 with this card');
  await ada.reads('Held for you, payment under way');
  await press(ada.page, 'Withdraw the booking …');
  await press(ada.page, /^Withdraw$/);
  await ada.reads('Withdrawn');
  await tested.provider.behave('normal');
  await ada.sees('Seats released');
  expect(await ada.page.getByRole('img', { name: /QR code/ }).count()).toBe(0);
  await until('no money to be kept', async () => (await moneyHeld(tested, booking)) === 0);
});
