import {
  declare,
  persistence,
  type Ports,
  project,
  type Projection,
  start,
} from '@ensemble/choreography';
import type { Express, RequestHandler, Router } from 'express';
import { MemoryStore } from 'express-rate-limit';
import { patience, underWay } from '@ensemble/host/edge';
import { admission } from './admission.ts';
import { app } from './app.ts';
import { bookingRequests, type BookingRequests } from './booking-requests.ts';
import { bookingRoutes } from './booking-routes.ts';
import { docsRoutes } from './docs.ts';
import { catalogueTopic, follow, followedTopics } from './follower.ts';
import { freshness } from './freshness.ts';
import { gateway, type Submit } from './gateway.ts';
import { establishIdentity } from './identity.ts';
import { live } from './live.ts';
import { newest } from './newest.ts';
import { opening, type OpenShow } from './opening.ts';
import { operatorsOnly } from './operators.ts';
import { outcome } from './outcome.ts';
import { Problem } from './problem.ts';
import { bookingsModel, seatsModel } from './read-models.ts';
import { salesRoutes } from './sales-routes.ts';
import { seatMaps } from './seat-maps.ts';
import { showRoutes } from './show-routes.ts';
import type { Shows } from './shows.ts';
import { views } from './views.ts';

export { establishIdentity, WrongSecret } from './identity.ts';
export { builtPage, customersPage } from './page.ts';

/** Settings of a gateway. */
export interface GatewayConfig {
  /** Accepted bookings that may await the answer of `seat`; beyond it is 503. */
  readonly admit: number;
  /** Requests a minute and client; 0 for no limit. */
  readonly rateLimitPerMinute: number;
  /** Proxies before it, whose word on who asks is taken; none by default. */
  readonly proxies?: number | undefined;
  /** Operators' names by token. */
  readonly operatorTokens: ReadonlyMap<string, string>;
  /** Where customers reach it, for its own description. */
  readonly publicUrl?: string | undefined;
  /** What booking ids and tokens are made with; made once if it is not given. */
  readonly bookingSecret?: string | undefined;
}

/** How a gateway is doing. */
export interface GatewayStatus {
  /** What it waits for, in words; ready when there is nothing. */
  readonly waitsFor: readonly string[];
  /** Accepted bookings that await the answer of `seat`. */
  readonly awaiting: number;
  /** Records that the read models lack. */
  readonly lag: number;
  /** Live streams that are open. */
  readonly streams: number;
}

/** A gateway that runs. */
export interface Gateway {
  /** Its HTTP side, to be listened with. */
  readonly app: Express;
  /** What a POST of a booking comes to. @throws Problem */
  readonly requestBooking: BookingRequests['requestBooking'];
  /** Puts a show on sale, once the shows that are there are known. @throws Problem */
  readonly openShow: OpenShow;
  /** Rebuilds both read models from the log; resolves to their new versions. */
  replay(): Promise<Readonly<Record<'bookings' | 'seats', number>>>;
  status(): GatewayStatus;
  /** Ends live streams, takes in nothing more, ends what is under way within `drainMs`. */
  stop(options?: { drainMs?: number }): Promise<void>;
}

/** How long the log and the store may take for a customer, in milliseconds. */
const patienceMs = 3_000;

/**
 * Opens the gateway on a log and a store. Waits for the store, without which it is nobody; `status()`
 * says what else it waits for.
 * @throws WrongSecret
 */
export const openGateway = async ({
  config,
  page = null,
  ...ports
}: Ports & {
  readonly config: GatewayConfig;
  /** Serves the customers' page, after all else. */
  readonly page?: Router | null;
}): Promise<Gateway> => {
  const { log, store, clock, observe } = ports;
  const beginning = persistence(gateway.name, ports);
  const once = (key: string, value: string): Promise<string> =>
    beginning.persist('store', () => store.once(key, value));
  const identity = await establishIdentity({ once }, config.bookingSecret);
  const declared = beginning.persist('log', () =>
    log.declare([catalogueTopic, ...followedTopics].map((name) => ({ name }))),
  );

  const reading = [...new Set([...bookingsModel.hears, ...seatsModel.hears])];
  const declaration = declare(gateway, reading);
  const running = start(gateway, ports, {}, { declaration });
  const bookings = project(gateway.name, bookingsModel, ports);
  const seats = project(gateway.name, seatsModel, ports);
  const follower = follow(log, declared);
  const projections: readonly Projection[] = [bookings, seats];
  const fresh = freshness(log, projections, follower, { clock, observe });
  const admitted = admission(log, { clock, observe, admit: config.admit });
  const commits = patience(clock, patienceMs);
  const reads = patience(clock, patienceMs);
  const rates = new MemoryStore();
  const stopping = new AbortController();

  const shows = (): Shows => {
    if (follower.isWarm()) return follower.shows;
    throw new Problem('cold', 'The shows are being read from the log.', { retryAfter: 1 });
  };
  const maps = seatMaps(seats, follower, { clock, isComplete: () => fresh.isComplete() });
  const seen = views(bookings, maps, follower, { store, patient: reads });
  const streams = live(log, follower, { clock, observe });
  const requested = underWay(clock);
  const submit: Submit = (request) =>
    requested.follow(follower.takingIn(() => running.submit(request)));
  const known = newest(log, follower, patience(clock, patienceMs));
  const counter = { submit, identity, store, shows, commits, reads, newest: known };
  const requests = bookingRequests({
    ...counter,
    admission: admitted,
    clock,
    partition: (key) => follower.partition(key),
  });
  const openShow = opening({ ...counter, observe });

  const sayHowFresh: RequestHandler = (_request, response, next) => {
    const asOf = fresh.asOf();
    if (asOf !== undefined) response.set('Ensemble-As-Of', new Date(asOf).toISOString());
    response.set('Ensemble-Lag', String(fresh.lag()));
    next();
  };
  const operatorOf = operatorsOnly(config.operatorTokens);
  const common = { views: seen, follower, live: streams, fresh: sayHowFresh };
  const waiting = outcome(seen, follower, {
    clock,
    stopping: stopping.signal,
    isComplete: () => fresh.isComplete(),
  });

  return {
    app: app({
      routers: [
        showRoutes({
          ...common,
          shows,
          newest: known,
          openShow,
          operatorOf,
        }),
        salesRoutes({ ...common, shows, operatorOf, partitions: log.partitions }),
        bookingRoutes({ ...common, requests, identity, outcome: waiting }),
        docsRoutes(config.publicUrl),
      ],
      page,
      rates,
      rateLimitPerMinute: config.rateLimitPerMinute,
      proxies: config.proxies ?? 0,
      stopping: stopping.signal,
      observe,
    }),
    requestBooking: (request, keyed) => requests.requestBooking(request, keyed),
    openShow: async (description, operator) => {
      await follower.warm;
      return openShow(description, operator);
    },
    replay: async () => {
      const [ofBookings, ofSeats] = await Promise.all([bookings.rebuild(), seats.rebuild()]);
      return { bookings: ofBookings, seats: ofSeats };
    },
    status: () => ({
      waitsFor: [
        ...running.status().waitsFor,
        ...projections.flatMap((each) => each.waitsFor()),
        ...(follower.isWarm() ? [] : ['the shows, from the log']),
      ],
      awaiting: admitted.awaiting(),
      lag: fresh.lag(),
      streams: streams.count(),
    }),
    stop: async ({ drainMs = 3_000 } = {}) => {
      stopping.abort();
      beginning.stop();
      streams.stop();
      await requested.ended(drainMs);
      admitted.stop();
      fresh.stop();
      rates.shutdown();
      await Promise.all([
        running.stop({ drainMs }),
        follower.stop(),
        ...projections.map((each) => each.stop({ drainMs })),
      ]);
    },
  };
};
