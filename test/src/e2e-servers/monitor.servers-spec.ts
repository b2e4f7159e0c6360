import type { LogRecord } from '@ensemble/log';
import type { MapView, StoryView, StuckView } from '@ensemble/monitor';
import { proofOf } from '@ensemble/monitor/flow';
import type { Booking } from '@ensemble/start/box-office';
import { until } from '@ensemble/start/until';
import { type KafkaCluster, kafkaCluster } from '@ensemble/testing/servers';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type Deployment, deployment } from '../deployment.ts';
import { bad, type House, openHouse } from '../e2e/house.ts';

jest.setTimeout(240_000);

const services = ['gateway', 'seat', 'payment', 'ticket', 'notification'];
/** A machine that tests is busy otherwise too. */
const limitMs = 60_000;

let kafka: KafkaCluster;
let system: Deployment;
let house: House;
const bookings: Booking[] = [];

const look = async <View>(path: string): Promise<View | undefined> => {
  const response = await fetch(`${system.monitorUrl}/api/${path}`);
  return response.ok ? ((await response.json()) as View) : undefined;
};
const story = (
  { bookingId }: Booking,
  isTold: (view: StoryView) => boolean,
): Promise<StoryView> => {
  let last: StoryView | undefined;
  return until(
    () => `the story of ${bookingId}; it is told as ${JSON.stringify(last?.steps, null, 1)}`,
    async () => {
      last = await look<StoryView>(`bookings/${bookingId}`);
      return last !== undefined && isTold(last) && last;
    },
    limitMs,
  );
};
const stuck = async (): Promise<StuckView['groups']> =>
  (await look<StuckView>('stuck'))?.groups ?? [];

beforeAll(async () => {
  kafka = await kafkaCluster();
  const servers = { KAFKA_BROKERS: kafka.brokers.join() };
  system = await deployment({ servers, copies: 1, watched: true });
  await system.start();
  house = await openHouse(system, 'watched');
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await kafka?.stop();
});

it('tells of bookings on Kafka whole, with what each service did', async () => {
  const [ada, bob] = [await house.books('Ada', ['A-1']), await house.books('Bob', ['A-2'], bad)];
  bookings.push(ada, bob);
  await ada.ends('ticketed');
  await bob.becomes('declined');
  await bob.withdraw();
  await bob.ends('failed');
  const whole = await story(
    ada,
    ({ spans, booking }) =>
      booking.isFinal && services.every((name) => spans.some(({ service }) => service === name)),
  );
  expect(whole).toMatchObject({ waitsFor: null, verdicts: [], booking: { state: 'ticketed' } });
  expect(whole.criticalPath.map(({ event, to }) => `${event} → ${to}`)).toEqual([
    'booking.requested → seat',
    'seat.reserved → payment',
    'payment.received → ticket',
    'ticket.generated → notification',
  ]);
  const failed = await story(bob, ({ booking }) => booking.state === 'failed' && booking.isFinal);
  expect(failed.verdicts).toEqual([]);
});

it('names whom a service keeps waiting that is gone, until it is back', async () => {
  for (const each of system.instancesOf('seat')) await each.stop();
  const cleo = await house.books('Cleo', ['A-3']);
  bookings.push(cleo);
  const named = await until(
    'Cleo to be stuck, for nobody hears it',
    async () =>
      (await stuck()).find(
        (group) =>
          group.suspect === 'consumer gone' &&
          group.bookings.some(({ bookingId }) => bookingId === cleo.bookingId),
      ),
    limitMs,
  );
  expect(named).toMatchObject({ owner: 'seat', on: 'booking.requested' });
  const waiting = await story(cleo, ({ booking }) => booking.isStuck);
  expect(waiting.waitsFor).toMatch(/seat/);
  await system.start();
  await cleo.ends('ticketed');
  await until('nobody to be stuck', async () => (await stuck()).length === 0, limitMs);
});

it('rebuilds from spans the flow that it rebuilds from the log', async () => {
  const proven = await until(
    'the flows of all bookings to be compared',
    async () => {
      const totals = (await look<MapView>('map'))?.totals;
      return totals?.proven?.checked === bookings.length && totals.proven;
    },
    limitMs,
  );
  expect(proven).toEqual({ equal: bookings.length, checked: bookings.length });
  const told = await Promise.all(bookings.map((booking) => story(booking, () => true)));
  const spans = told.flatMap((each) => each.spans);
  await system.stop();
  const records: readonly LogRecord[] = await system.records();
  expect(proofOf(records, spans)).toEqual({
    checked: bookings.length,
    equal: bookings.length,
    differences: [],
  });
});
