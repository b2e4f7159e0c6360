import { pause } from '@ensemble/choreography';
import { type Gateway, openGateway as open, WrongSecret } from '@ensemble/gateway/open';
import { CannotStart, portOf } from '@ensemble/host';
import { firstShows } from './first-shows.ts';
import type { Kit } from './kit.ts';

/** The gateway without its server; with it, its read models can be built anew. */
export const startGateway = async ({
  config,
  services,
  operators,
  replays,
}: Pick<Kit, 'config' | 'services' | 'operators' | 'replays'>): Promise<Gateway> => {
  try {
    const gateway = await open({
      ...services.portsOf('gateway'),
      config: {
        admit: config.ADMIT,
        rateLimitPerMinute: config.RATE_LIMIT,
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
  } catch (cause) {
    if (cause instanceof WrongSecret) throw new CannotStart(cause.message, { cause });
    throw cause;
  }
};

/** The gateway, its server, and what is on sale from the first start. */
export const openGateway = async (kit: Kit): Promise<void> => {
  const { config, services, addresses, telemetry } = kit;
  const gateway = await startGateway(kit);
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
