import { activeTrace } from '@ensemble/telemetry';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import {
  bearer,
  idempotencyKey,
  jsonBody,
  onlyFor,
  param,
  preferredWait,
  readBody,
} from '@ensemble/host/edge';
import type { BookingRequests } from './booking-requests.ts';
import { isSettled } from '@ensemble/contracts';
import { sendDocument } from './document.ts';
import { followedTopics, type Follower } from './follower.ts';
import type { Identity } from './identity.ts';
import type { Live } from './live.ts';
import type { Outcome } from './outcome.ts';
import { Problem } from './problem.ts';
import {
  bookingRequest,
  type BookingView,
  cardRequest,
  copyRequest,
  type Receipt,
  withdrawalRequest,
} from './schemas.ts';
import type { Views } from './views.ts';

/** What customers do with their bookings. */
export const bookingRoutes = ({
  requests,
  views,
  follower,
  identity,
  live,
  outcome,
  fresh,
}: {
  requests: BookingRequests;
  views: Views;
  follower: Follower;
  identity: Identity;
  live: Live;
  outcome: Outcome;
  /** Says how fresh an answer is. */
  fresh: RequestHandler;
}): Router => {
  /** The booking of who has its token. @throws Problem for everybody else */
  const mine = async (request: Request): Promise<BookingView> => {
    const bookingId = param(request, 'bookingId');
    const token = bearer(request);
    const allowed = token !== undefined && identity.isToken(bookingId, token);
    const booking = allowed ? await views.booking(bookingId) : undefined;
    if (booking === undefined) throw new Problem('unknown-booking', 'The token is not for it.');
    return booking;
  };

  const accept = (response: Response, receipt: Receipt): void => {
    response.status(202).set('Retry-After', '1').json(receipt);
  };

  const book: RequestHandler = async (request, response) => {
    const key = idempotencyKey(request, 'booking');
    const body = readBody(bookingRequest, request);
    const keyed = { idempotencyKey: key, traceparent: activeTrace() };
    const receipt = await requests.requestBooking(body, keyed);
    const { bookingId, token } = receipt;
    response.set({ Location: `/api/bookings/${bookingId}`, 'Cache-Control': 'no-store' });
    const seconds = preferredWait(request);
    if (seconds === undefined) return accept(response, receipt);

    response.set('Preference-Applied', `wait=${seconds}`);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const booking = await outcome(bookingId, { waitMs: seconds * 1000, signal: gone.signal });
    if (booking === undefined || !isSettled(booking.state)) {
      return accept(response, { ...receipt, state: booking?.state ?? receipt.state });
    }
    response.json({ ...booking, token });
  };

  const show: RequestHandler = async (request, response) => {
    sendDocument(request, response, await mine(request));
  };

  const watch: RequestHandler = async (request, response) => {
    const { bookingId, showId, section } = await mine(request);
    const partition = follower.partition(`${showId}/${section}`);
    const source = {
      id: bookingId,
      kind: 'booking',
      gapMs: 0,
      places: () => followedTopics.map((topic) => ({ topic, partition })),
      render: async () => JSON.stringify((await views.booking(bookingId)) ?? null),
    } as const;
    await live.stream(source, request, response);
  };

  const replaceCard: RequestHandler = async (request, response) => {
    const key = idempotencyKey(request, 'card');
    const { card } = readBody(cardRequest, request);
    const keyed = { idempotencyKey: key, traceparent: activeTrace() };
    const { bookingId, state } = await requests.replaceCard(() => mine(request), card, keyed);
    response.status(202).location(`/api/bookings/${bookingId}`).json({ bookingId, state });
  };

  const requestCopy: RequestHandler = async (request, response) => {
    const key = idempotencyKey(request, 'copy');
    if (request.body !== undefined) readBody(copyRequest, request);
    const keyed = { idempotencyKey: key, traceparent: activeTrace() };
    const { bookingId, state } = await requests.requestCopy(() => mine(request), keyed);
    response.status(202).location(`/api/bookings/${bookingId}`).json({ bookingId, state });
  };

  const withdraw: RequestHandler = async (request, response) => {
    if (request.body !== undefined) readBody(withdrawalRequest, request);
    const { bookingId, state } = await requests.withdraw(() => mine(request), activeTrace());
    response.status(202).location(`/api/bookings/${bookingId}`).json({ bookingId, state });
  };

  const keepPrivate: RequestHandler = (_request, response, next) => {
    response.set({ 'Cache-Control': 'private, no-cache', Vary: 'Authorization' });
    next();
  };

  const one = '/api/bookings/:bookingId';
  const router = Router();
  router.route('/api/bookings').post(jsonBody, book).all(onlyFor('POST'));
  router.use(one, keepPrivate);
  router.route(one).get(fresh, show).all(onlyFor('GET'));
  router.route(`${one}/live`).get(watch).all(onlyFor('GET'));
  router.route(`${one}/card`).post(jsonBody, replaceCard).all(onlyFor('POST'));
  router.route(`${one}/copy`).post(jsonBody, requestCopy).all(onlyFor('POST'));
  router.route(`${one}/withdrawal`).post(jsonBody, withdraw).all(onlyFor('POST'));
  return router;
};
