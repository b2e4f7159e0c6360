import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '@ensemble/start/box-office';
import { expect, it, jest } from '@jest/globals';
import { system } from '../system.ts';
import { audit } from '../audit/audit.ts';
import { openHouse } from './house.ts';

jest.setTimeout(60_000);

/** 1 MiB: enough to start and to take in some bookings. */
const blocks = 2_048;
const seats = 500;

it('says no clearly when the disk is full, and goes on from whole states when it is not', async () => {
  await using full = await system();
  await full.start();
  const house = await openHouse(full, 'full', seats);
  await full.stop();

  await full.startWithDisk(blocks);
  const replies: Reply[] = [];
  const wishes = Array.from({ length: seats }, (_, n) =>
    house.wish(`Customer${n}`, [`A-${n + 1}`]),
  );
  const keyOf = (n: number): string => `request-of-customer-${n}`;
  for (const [n, wish] of wishes.entries()) {
    const reply = await full.gateway.request(wish, keyOf(n));
    replies.push(reply);
    if (reply.status !== 202) break;
  }
  const [refusal] = replies.splice(-1);
  expect(refusal).toMatchObject({ status: 503, body: { code: 'not-now' } });
  expect(refusal?.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await fetch(`${full.urls.ops}/healthz`)).toMatchObject({ status: 200 });
  const readiness = await fetch(`${full.urls.ops}/readyz`);
  expect([readiness.status, await readiness.text()]).toEqual([
    503,
    expect.stringContaining('the disk failed or is full'),
  ]);
  await full.stop();

  await full.start();
  const bookings = await Promise.all(
    wishes.slice(0, replies.length + 1).map((wish, n) => full.gateway.book(wish, keyOf(n))),
  );
  for (const booking of bookings) await booking.ends('ticketed');
  const charges = await full.provider.charges();
  await full.stop();
  const accepted = bookings.map(({ bookingId }, n) => ({ key: keyOf(n), bookingId }));
  const [records, mails] = [await full.records(), full.mails()];
  expect(audit({ records, charges, mails, accepted })).toEqual([]);
});

it('says so and ends with exit code 2 when it cannot write its data', async () => {
  await using beside = await system();
  const file = join(beside.data, 'a-file');
  writeFileSync(file, '');
  await using blocked = await system({ env: { ENSEMBLE_DATA: join(file, 'data') } });
  const { code, out, err } = await blocked.command('main');
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^\S+\/a-file\/data cannot be used: .*ENSEMBLE_DATA names another one\n$/);
});
