import { until } from '@ensemble/start/until';
import { type Servers, startServers } from '@ensemble/testing/servers';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type Deployment, deployment } from '../deployment.ts';
import { openHouse } from '../e2e/house.ts';

jest.setTimeout(120_000);

let servers: Servers;
let system: Deployment;

beforeAll(async () => {
  servers = await startServers();
  await servers.kafka.nodes[0]?.kill('SIGTERM');
  await servers.mongo.kill('SIGTERM');
  system = await deployment({ servers: servers.env, copies: 1 });
  for (const each of system.instancesOf()) each.launch();
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await servers?.stop();
});

/** Resolves once each of these apps says that it is not ready, and for what it waits. */
const allWaitFor = async (what: RegExp, apps: readonly string[]): Promise<void> => {
  for (const each of apps.flatMap((app) => system.instancesOf(app))) {
    let said = 'nothing';
    await until(
      () => `${each.name} to wait for ${what}; it said ${said} and printed\n${each.printed()}`,
      async () => {
        const found = await each.readiness();
        said = `${found?.status} ${found?.text}`;
        return found?.status === 503 && what.test(found.text);
      },
    );
  }
};

const services = ['seat', 'payment', 'ticket', 'notification', 'gateway'];

it('waits for a broker that is not there, and says so', () =>
  allWaitFor(/"log: Kafka at 127\.0\.0\.1:\d+ is unavailable/, services));

it('goes on when it comes, and waits for the database that is not there', async () => {
  await servers.kafka.nodes[0]?.start();
  await allWaitFor(/"store: The store ensemble_\w+ on 127\.0\.0\.1:\d+ is unavailable/, services);
});

it('goes on when that comes too: bookings are ticketed', async () => {
  await servers.mongo.start();
  await Promise.all(system.instancesOf().map((each) => each.ready()));
  const house = await openHouse(system, 'late');
  const booking = await house.books('Ada', ['A-1']);
  await booking.ends('ticketed');
});

it('takes a service that is not there for one that comes later', async () => {
  system.expects('late');
  const house = await openHouse(system, 'later');
  for (const [n, away] of services.filter((app) => app !== 'gateway').entries()) {
    for (const each of system.instancesOf(away)) await each.stop();
    const booking = await house.books('Ada', [`A-${n + 1}`]);
    for (const each of system.instancesOf()) {
      if (each.isRunning()) expect(await each.readiness()).toMatchObject({ status: 200 });
    }
    await system.start();
    await booking.ends('ticketed');
  }
});
