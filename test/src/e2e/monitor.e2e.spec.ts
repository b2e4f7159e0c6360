import type { MapView, ReplayView, StoryView } from '@ensemble/monitor';
import type { Booking } from '@ensemble/start/box-office';
import { until } from '@ensemble/start/until';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type EmbeddedSystem, operatorToken, system } from '../system.ts';
import { bad, type House, openHouse } from './house.ts';
import { textsTo } from './looking.ts';

jest.setTimeout(60_000);

let tested: EmbeddedSystem;
let house: House;
let ada: Booking;
let bob: Booking;

const look = async <View>(path: string): Promise<View | undefined> => {
  const response = await fetch(`${tested.urls.monitor}/api/${path}`);
  return response.ok ? ((await response.json()) as View) : undefined;
};
const story = ({ bookingId }: Booking, isTold: (view: StoryView) => boolean): Promise<StoryView> =>
  until(`the story of ${bookingId}`, async () => {
    const view = await look<StoryView>(`bookings/${bookingId}`);
    return view !== undefined && isTold(view) && view;
  });
const has =
  (event: string) =>
  ({ steps }: StoryView): boolean =>
    steps.some((step) => step.event === event && step.kind === 'said');

beforeAll(async () => {
  tested = await system();
  await tested.start();
  house = await openHouse(tested, 'watched');
  ada = await house.books('Ada', ['A-1']);
  bob = await house.books('Bob', ['A-2'], bad);
  await ada.ends('ticketed');
});
afterAll(() => tested[Symbol.asyncDispose]());

describe('the monitor of a running system', () => {
  it('tells each booking whole, with its spans, while it goes on', async () => {
    const services = ['gateway', 'seat', 'payment', 'ticket', 'notification'];
    const { booking, verdicts } = await story(
      ada,
      (view) =>
        has('notification.sent')(view) &&
        services.every((name) => view.spans.some(({ service }) => service === name)),
    );
    expect(booking).toMatchObject({ state: 'ticketed', isFinal: true, isStuck: false });
    expect(verdicts).toEqual([]);
    const declined = await story(bob, has('payment.declined'));
    expect(declined.booking).toMatchObject({ isFinal: false });
    expect(declined.waitsFor).toMatch(/payment/);
  });

  it('is told and shown by command', async () => {
    const verified = await tested.command('ledger', 'verify');
    expect(verified).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing was changed'),
    });
    const found = await tested.command('ledger', 'search', '--booking', ada.bookingId);
    expect(found.out).toMatch(/ticket\.generated/);
    const told = await tested.command('explain', ada.bookingId);
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/ticketed, A-1 in/) });
    expect(told.out).not.toContain('Ada');
  });

  it('gives every service everything once more, and nothing is done twice', async () => {
    const charges = await tested.provider.charges();
    const mails = tested.mails().length;
    const said = async (): Promise<Record<string, number>> => {
      const map = await look<MapView>('map');
      const events = map?.topics.filter(({ name }) => !/\.redrive$|^flow$/.test(name)) ?? [];
      return Object.fromEntries(events.map(({ name, records }) => [name, records]));
    };
    const before = await said();
    let count = 0;
    for (const service of ['seat', 'payment', 'ticket', 'notification']) {
      const response = await fetch(`${tested.urls.monitor}/api/replay`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${operatorToken}`,
        },
        body: JSON.stringify({ service, from: 0, why: 'to see that nothing comes of it' }),
      });
      const replayed = (await response.json()) as ReplayView;
      expect([response.status, replayed]).toMatchObject([200, { service, isCut: false }]);
      expect(replayed.count).toBeGreaterThan(0);
      count += replayed.count;
    }
    await until(`${count} copies to be heard`, async () => {
      const copied = await tested.metric('flow_happenings_total', { happening: 'copied' });
      return copied >= count;
    });
    expect(await tested.provider.charges()).toEqual(charges);
    expect(tested.mails()).toHaveLength(mails);
    expect(textsTo(tested.mails(), house.addressOf('Ada'))).toHaveLength(1);
    expect(await said()).toEqual(before);
  });

  it('has it all again after a crash, and tells of a system that is down', async () => {
    await tested.kill();
    await tested.start();
    const { booking } = await story(ada, has('notification.sent'));
    expect(booking).toMatchObject({ state: 'ticketed' });
    await tested.stop();
    const verified = await tested.command('ledger', 'verify');
    expect(verified).toMatchObject({ code: 0 });
    const told = await tested.command('explain', bob.bookingId);
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/A-2 in/) });
    expect(await tested.command('explain', 'nobody')).toMatchObject({ code: 1 });
  });
});
