import { owners } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';
import type { Booking } from '@ensemble/start/box-office';
import { until } from '@ensemble/start/until';
import { expect } from '@jest/globals';
import type { System } from '../system.ts';
import { audit } from '../audit/audit.ts';
import { bad, good, openHouse } from './house.ts';
import { distinct, moneyHeld, seatIs, textsTo } from './looking.ts';
import { postOffice } from './post-office.ts';
import { requestFor } from './request.ts';
import type { Rows, World } from './rows.ts';

const holdMs = 2_000;
/** An attempt is given up this long after the hold. */
const graceMs = 10_000;
const services = ['payment', 'seat', 'ticket', 'notification'] as const;
const apps = ['provider', 'gateway', ...services];
const without = (away: string): string[] => apps.filter((app) => app !== away);

/** Rows in which holds run out, and services and the mail server are away. */
export const serviceAway = async (): Promise<World> => {
  const post = await postOffice();
  const bookings: Booking[] = [];

  const rows: Rows = {
    'mail cannot be sent: the ticket is on the booking, the mail comes later': async (system) => {
      const house = await openHouse(system, 'no-mail');
      const booking = await house.books('Ada Żółć', ['A-1']);
      bookings.push(booking);
      await booking.becomes('ticketed');
      await until('a mail that did not go', async () => (await mailsThatFailed(system)) > 0);
      expect((await booking.view()).ticket).toBeDefined();
      await post.open();
      await booking.ends('ticketed');
      const [mail, ...more] = post.mails();
      expect(more).toEqual([]);
      expect(mail?.headers).toMatchObject({ to: 'Ada Żółć <ada@no-mail.example.org>' });
    },

    'the mailbox does not exist: said so, and the ticket is on the booking': async (system) => {
      const house = await openHouse(system, 'no-mailbox');
      const booking = await house.books('Nobody', ['A-1']);
      bookings.push(booking);
      const { state, ticket } = await booking.hears('notification.failed');
      expect([state, ticket?.seats.length]).toEqual(['ticketed', 1]);
    },

    'no other card until the hold ends: failed, seats free, one mail': async (system) => {
      const house = await openHouse(system, 'expired');
      const booking = await house.books('Ada', ['A-1'], bad);
      bookings.push(booking);
      const { heldUntil = '' } = await booking.becomes('declined');
      const { history, reason } = await booking.ends('failed');
      expect(reason).toBe('declined');
      const failed = history.find(({ type }) => type === 'payment.failed');
      expect(failed && failed.at >= heldUntil).toBe(true);
      await seatIs(house, 'A-1', 'free');
      expect(textsTo(post.mails(), house.addressOf('Ada'))).toEqual([
        expect.stringContaining('your card was declined'),
      ]);
      expect(await booking.replaceCard(good)).toMatchObject({ status: 409 });
    },

    'the provider is down: tried until 10 s after the hold, over a restart': async (system) => {
      const house = await openHouse(system, 'down');
      await system.provider.behave('down');
      const ada = await house.books('Ada', ['A-1']);
      const { heldUntil = '' } = await ada.becomes('reserved');
      const bob = await house.books('Bob', ['A-1']);
      await bob.becomes('refused');
      const cleo = await house.books('Cleo', ['A-2']);
      await cleo.becomes('reserved');
      await cleo.withdraw();
      expect(await cleo.ends('failed')).toMatchObject({ reason: 'withdrawn' });
      bookings.push(ada, bob, cleo);
      await system.start(...without('payment'));
      await system.start(...apps);

      const { history, reason } = await ada.ends('failed');
      expect(reason).toBe('provider-unavailable');
      const failed = history.find(({ type }) => type === 'payment.failed');
      const lateMs = Date.parse(failed?.at ?? '') - Date.parse(heldUntil) - graceMs;
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(5_000);
      expect(textsTo(post.mails(), house.addressOf('Ada'))).toEqual([
        expect.stringContaining('our payment provider did not answer in time'),
      ]);
      await seatIs(house, 'A-1', 'free');
      await system.provider.behave('normal');
      const dan = await house.books('Dan', ['A-1']);
      bookings.push(dan);
      await dan.becomes('ticketed');
      expect(await moneyHeld(system, ada)).toBe(0);
    },

    'any one of the services is down: accepted, and finished when it is back': async (system) => {
      const house = await openHouse(system, 'away');
      const late: Booking[] = [];
      for (const [index, away] of services.entries()) {
        await system.start(...without(away));
        const booking = await house.books(`Customer${index}`, [`A-${index + 1}`]);
        late.push(booking);
        if (away === 'seat') continue;
        const { heldUntil = '' } = await booking.becomes('reserved', 'paid', 'ticketed');
        // In time is judged by the event's time: payment comes back when the hold is over.
        if (away !== 'payment') continue;
        await until('the hold to end', () => Date.now() > Date.parse(heldUntil), 2 * holdMs);
        expect(await booking.view()).toMatchObject({ state: 'reserved' });
      }
      await system.kill();
      await system.start();
      for (const [index, booking] of late.entries()) {
        await booking.ends('ticketed');
        const mails = textsTo(distinct(post.mails()), house.addressOf(`Customer${index}`));
        expect(mails).toHaveLength(1);
      }
      bookings.push(...late);
    },

    'events come twice, late, and before those that explain them': async (system) => {
      const viewsOf = () => Promise.all(bookings.map((booking) => booking.view()));
      const [views, mails] = [await viewsOf(), post.mails().length];
      await system.stop();
      const before = await system.records();
      const copies = before.filter(({ topic }) => Object.hasOwn(owners, topic)).toReversed();
      await system.append([...copies, requestFor('early', 'Zoe')]);
      await system.start();

      const copied = (): Promise<number> =>
        system.metric('flow_happenings_total', { happening: 'copied' });
      const expected = copiesHeard(before, copies);
      await until(`${expected} copies to be heard`, async () => (await copied()) >= expected);
      expect(await viewsOf()).toEqual(views);
      expect(post.mails()).toHaveLength(mails);

      const early = await openHouse(system, 'early');
      await until("Zoe's mail", () => textsTo(post.mails(), early.addressOf('Zoe')).length === 1);
      await seatIs(early, 'A-1', 'sold');

      const charges = await system.provider.charges();
      await system.stop();
      const records = await system.records();
      expect(audit({ records, charges, mails: post.mails() })).toEqual([]);
    },
  };

  return {
    rows,
    inTurn: true,
    options: { env: { HOLD_SECONDS: String(holdMs / 1_000), SMTP_URL: post.url } },
    end: post.close,
  };
};

const mailsThatFailed = ({ metric }: System): Promise<number> =>
  metric('flow_happenings_total', { service: 'notification', happening: 'failed' });

/** How often services hear these copies, by what they say they hear. */
const copiesHeard = (records: readonly LogRecord[], copies: readonly LogRecord[]): number => {
  const declared = new Map(
    records
      .filter(({ topic }) => topic === 'flow')
      .map(({ key, value }) => {
        const { hears } = JSON.parse(Buffer.from(value ?? []).toString()) as { hears: string[] };
        return [key, hears] as const;
      }),
  );
  const all = [...declared.values()].flat();
  return copies.reduce(
    (sum, { headers }) => sum + all.filter((type) => type === headers['ce_type']).length,
    0,
  );
};
