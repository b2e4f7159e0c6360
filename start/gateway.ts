import { pause } from '@ensemble/choreography';
import {
  builtPage,
  customersPage,
  establishIdentity,
  type Gateway,
  openGateway as open,
  WrongSecret,
} from '@ensemble/gateway/open';
import { CannotStart, portOf } from '@ensemble/host';
import { firstShows } from './first-shows.ts';
import type { Kit } from './kit.ts';

/** The gateway without its server, once it is prepared; with it, its read models can be built anew. */
export const startGateway = async (
  {
    config,
    services,
    operators,
    replays,
  }: Pick<Kit, 'config' | 'services' | 'operators' | 'replays'>,
  page: ReturnType<typeof customersPage> | null = null,
): Promise<Gateway> => {
  const gateway = await open({
    ...services.portsOf('gateway'),
    page,
    config: {
      admit: config.ADMIT,
      rateLimitPerMinute: config.RATE_LIMIT,
      proxies: config.TRUST_PROXY,
      operatorTokens: new Map([...operators].map(([name, token]) => [token, name])),
      publicUrl: config.PUBLIC_URL,
      bookingSecret: config.BOOKING_SECRET,
    },
  });
  services.add({
    name: 'gateway',
    status: () => gateway.status(),
    stop: (how) => gateway.stop(how),
  });
  replays.set('gateway', async () => {
    const { bookings, seats } = await gateway.replay();
    return `gateway: built anew, bookings as version ${bookings} and seats as version ${seats}`;
  });
  return gateway;
};

/**
 * Makes sure that bookings are made with the secret that they were always made with.
 * @throws CannotStart if they were not
 */
export const prepareGateway = async ({
  config,
  services,
}: Pick<Kit, 'config' | 'services'>): Promise<void> => {
  const { store } = services.portsOf('gateway');
  try {
    await services.insist('store', () => establishIdentity(store, config.BOOKING_SECRET));
  } catch (cause) {
    if (cause instanceof WrongSecret) throw new CannotStart(cause.message, { cause });
    throw cause;
  }
};

/** The gateway, its server, and what is on sale from the first start. */
export const openGateway = async (kit: Kit): Promise<void> => {
  const { config, services, addresses, telemetry, warn } = kit;
  const page = builtPage();
  page.catch((error: unknown) => warn('building the page of the customers', error));
  const gateway = await startGateway(kit, customersPage(page));
  const { HOST: host, GATEWAY_PORT: port } = config;
  const url = await services.serve(gateway.app, { host, port, variable: 'GATEWAY_PORT' });
  telemetry?.serves('gateway', portOf(url));
  addresses.set('API docs', `${config.PUBLIC_URL ?? url}/docs`);
  addresses.set('book seats', config.PUBLIC_URL ?? url);

  let isOpen = false;
  services.add({
    name: 'first shows',
    status: () => ({ waitsFor: isOpen ? [] : ['the first shows to be opened'] }),
    stop: () => Promise.resolve(),
  });
  void openFirstShows(gateway, kit).then(() => (isOpen = true));
};

const againMs = 100;

/** Opens them until it has worked; what a crash cut short is completed at the next start. */
const openFirstShows = async (gateway: Gateway, { services, clock, warn }: Kit): Promise<void> => {
  const { store } = services.portsOf('gateway');
  for (;;) {
    try {
      const [opened] = await store.known('first-shows');
      if (opened !== undefined) return;
      const firstStart = Number(await store.once('first-start', String(clock.now())));
      while (gateway.status().waitsFor.length > 0) await pause(clock, againMs);
      for (const show of firstShows(firstStart)) await gateway.openShow(show, { by: 'start' });
      await store.once('first-shows', 'opened');
      return;
    } catch (error) {
      warn('opening the first shows', error);
      await pause(clock, againMs);
    }
  }
};
