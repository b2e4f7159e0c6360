import { randomInt } from 'node:crypto';
import { type Booking, type BookingView, expecting, isAtRest } from '@ensemble/start/box-office';
import { until } from '@ensemble/start/until';
import { expect, it, jest } from '@jest/globals';
import { type System, system } from '../system.ts';
import { audit } from '../audit/audit.ts';
import { bad, good, openHouse, price } from './house.ts';
import { patiently } from './patiently.ts';

jest.setTimeout(150_000);

const kills = 10;
const perKill = 50;
const houses = 5;
const limitMs = 60_000;

it('loses nothing and does nothing twice when it is killed ten times among 500 bookings', async () => {
  await using killed = await system();
  await killed.start();
  for (let house = 0; house < houses; house += 1) {
    await openHouse(killed, showOf(house), kills * perKill);
  }

  const accepted: Booking[] = [];
  const customers: Promise<unknown>[] = [];
  for (let round = 0; round < kills; round += 1) {
    const enough = accepted.length + randomInt(5, perKill - 5);
    for (let n = 0; n < perKill; n += 1) {
      customers.push(customer(killed, round * perKill + n, (booking) => accepted.push(booking)));
    }
    await until('bookings to be taken in', () => accepted.length >= enough, limitMs);
    await killed.kill();
    await killed.start();
  }
  await Promise.all(customers);
  expect(new Set(accepted.map(({ bookingId }) => bookingId)).size).toBe(kills * perKill);
  const views: BookingView[] = [];
  for (const booking of accepted) views.push(await seen(booking, isAtRest));

  const earned = views.filter(({ state }) => state === 'ticketed').length * price.amount;
  await until('the money of all who have no ticket to be given back', async () => {
    const charges = await killed.provider.charges();
    const held = charges.map((each) => each.amount_captured - each.amount_refunded);
    return held.reduce((sum, each) => sum + each, 0) === earned;
  });
  const charges = await killed.provider.charges();
  await killed.stop();
  const [records, mails] = [await killed.records(), killed.mails()];
  const receipts = accepted.map(({ bookingId }) => ({ key: bookingId, bookingId }));
  expect(audit({ records, charges, mails, accepted: receipts })).toEqual([]);
});

const showOf = (house: number): string => `house-${house}`;

/**
 * What the n-th customer does. Of ten customers one wants the seat of the one before, one has a bad
 * card at first, and one withdraws.
 */
const customer = async (
  { gateway }: System,
  n: number,
  accepted: (booking: Booking) => void,
): Promise<void> => {
  const kind = n % 10;
  const key = (what: string): string => `${what}-of-customer-${n}`;
  const wish = {
    showId: showOf(Math.floor(n / 10) % houses),
    section: 'stalls',
    seats: [`A-${kind === 1 ? n : n + 1}`],
    customer: { name: `Customer ${n}`, email: `customer${n}@example.org` },
    card: kind === 2 ? bad : good,
  };
  const booking = await patiently(() => gateway.book(wish, key('request')));
  accepted(booking);
  if (kind === 2) {
    await seen(booking, ({ state }) => state === 'declined');
    await patiently(async () => expecting(await booking.replaceCard(good, key('card')), 202));
  }
  // Withdrawn by a try whose answer was lost, it makes no sense any more.
  if (kind === 3) await patiently(async () => expecting(await booking.withdraw(), 202, 409));
};

const seen = (booking: Booking, isSo: (view: BookingView) => boolean): Promise<BookingView> => {
  let last: BookingView | undefined;
  return until(
    () => `more to become of ${booking.bookingId} than ${JSON.stringify(last?.history)}`,
    async () => {
      last = await patiently(() => booking.view());
      return isSo(last) && last;
    },
    limitMs,
  );
};
