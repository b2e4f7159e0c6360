import { randomUUID } from 'node:crypto';
import type {
  BookingRequest,
  BookingState,
  BookingView,
  Receipt,
  ShowRequest,
  ShowsView,
  ShowView,
} from '@ensemble/gateway/schemas';
import { until } from './until.ts';

export type { BookingRequest, BookingView, ShowRequest };

/** What came back over HTTP. */
export interface Reply<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The answer is not the one that was expected. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;
  /** After how long to ask again, in seconds, if the answer says so. */
  readonly retryAfter: number | undefined;

  constructor({ status, headers, body }: Reply, expected: readonly number[]) {
    super(`expected ${expected.join(' or ')}, found ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    const told = headers.get('retry-after');
    this.retryAfter = told === null ? undefined : Number(told);
  }
}

/** A booking in the hands of its customer. */
export interface Booking {
  readonly bookingId: string;
  readonly token: string;
  view(): Promise<BookingView>;
  /** Resolves to the booking once it is in one of these states; at most 20 s are waited. */
  becomes(...states: readonly BookingState[]): Promise<BookingView>;
  /** Resolves to the booking once it has ended in one of these states and its customer knows. */
  ends(...states: readonly BookingState[]): Promise<BookingView>;
  /** Resolves to the booking once an event of this type is in its history. */
  hears(type: string): Promise<BookingView>;
  replaceCard(card: string, key?: string): Promise<Reply>;
  /** Asks for the newest letter once more. */
  copy(key?: string): Promise<Reply>;
  withdraw(): Promise<Reply>;
}

const endings: Partial<Record<BookingState, string>> = {
  ticketed: 'ticket.generated',
  refused: 'seat.refused',
  failed: 'payment.failed',
  refunded: 'payment.refunded',
};

/** Whether a booking has come to its end, and its customer was told of it afterwards. */
export const isAtRest = ({ state, history }: BookingView): boolean => {
  const last = (type: string | undefined): string | undefined =>
    history.findLast((entry) => entry.type === type)?.at;
  if (state === 'ticketed' && last('booking.withdrawn') !== undefined) return false;
  const [end, told] = [last(endings[state]), last('notification.sent')];
  return end !== undefined && told !== undefined && told >= end;
};

/** The gateway, as those who use it over HTTP have it. */
export interface BoxOffice {
  shows(): Promise<ShowsView['shows']>;
  show(showId: string): Promise<ShowView>;
  /** Opens a show, and resolves once it can be seen at every gateway. */
  openShow(show: ShowRequest, operatorToken: string): Promise<void>;
  /** Asks for seats; whatever comes back is the answer. */
  request(
    wish: BookingRequest,
    key: string,
    options?: Pick<Sent, 'waitSeconds'>,
  ): Promise<Reply<Receipt>>;
  /** Asks for seats, and expects that the booking is taken in. */
  book(wish: BookingRequest, key?: string): Promise<Booking>;
  /** The booking that a receipt is of. */
  bookingOf(receipt: Pick<Receipt, 'bookingId' | 'token'>): Booking;
}

interface Sent {
  readonly token?: string;
  readonly key?: string;
  readonly body?: unknown;
  /** How long the outcome may be waited for; without it, the answer is that it was taken in. */
  readonly waitSeconds?: number | undefined;
}

/** Whoever has not answered by then will not, in milliseconds. */
const answerLimitMs = 30_000;
/** The same where it was said how long to wait: after that time. */
const lateMs = 3_000;

/** Sends a request and reads what comes back, JSON or nothing. */
export const call = async <Body>(
  method: string,
  url: string,
  { token, key, body, waitSeconds }: Sent = {},
): Promise<Reply<Body>> => {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(waitSeconds !== undefined && { prefer: `wait=${waitSeconds}` }),
    },
    signal: AbortSignal.timeout(
      waitSeconds === undefined ? answerLimitMs : waitSeconds * 1_000 + lateMs,
    ),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, body: (text === '' ? null : JSON.parse(text)) as Body };
};

/** The body of an answer. @throws {@link UnexpectedAnswer} unless it has one of these statuses */
export const expecting = <Body>(reply: Reply<Body>, ...expected: readonly number[]): Body => {
  if (expected.includes(reply.status)) return reply.body;
  throw new UnexpectedAnswer(reply, expected);
};

/** Asks again, as the answer says, while what is needed for it is away for a moment. */
const patiently = <Body>(ask: () => Promise<Reply<Body>>): Promise<Reply<Body>> =>
  until('another answer than 503', async () => {
    const reply = await ask();
    return reply.status === 503 ? undefined : reply;
  });

/**
 * The gateway at an address; of several, each call asks the next one. It rejects when nobody answers
 * there.
 */
export const boxOffice = (...urls: readonly string[]): BoxOffice => {
  let calls = 0;
  const at = (path: string): string => `${urls[calls++ % urls.length]}/api/${path}`;

  const bookingOf: BoxOffice['bookingOf'] = ({ bookingId, token }) => {
    const path = `bookings/${bookingId}`;
    const view = async (): Promise<BookingView> =>
      expecting(await patiently(() => call<BookingView>('GET', at(path), { token })), 200);
    const once = async (
      what: string,
      isSo: (booking: BookingView) => boolean,
    ): Promise<BookingView> => {
      let last: BookingView | undefined;
      const found = (): string => {
        const types = last?.history.map(({ type }) => type) ?? [];
        return `booking ${bookingId} ${what}; found it ${last?.state} after ${types.join(', ')}`;
      };
      return until(found, async () => {
        last = await view();
        return isSo(last) ? last : undefined;
      });
    };
    return {
      bookingId,
      token,
      view,
      becomes: (...states) =>
        once(`to become ${states.join(' or ')}`, ({ state }) => states.includes(state)),
      ends: (...states) =>
        once(
          `to end ${states.join(' or ')}`,
          (booking) => states.includes(booking.state) && isAtRest(booking),
        ),
      hears: (type) =>
        once(`to hear ${type}`, ({ history }) => history.some((entry) => entry.type === type)),
      replaceCard: (card, key = randomUUID()) =>
        call('POST', at(`${path}/card`), { token, key, body: { card } }),
      copy: (key = randomUUID()) => call('POST', at(`${path}/copy`), { token, key, body: {} }),
      withdraw: () => call('POST', at(`${path}/withdrawal`), { token, body: {} }),
    };
  };

  const request: BoxOffice['request'] = (wish, key, { waitSeconds } = {}) =>
    call('POST', at('bookings'), { key, body: wish, waitSeconds });

  const show = async (showId: string): Promise<ShowView> =>
    expecting(await patiently(() => call<ShowView>('GET', at(`shows/${showId}`))), 200);

  return {
    shows: async () => expecting(await call<ShowsView>('GET', at('shows')), 200).shows,
    show,
    openShow: async (description, token) => {
      const opening = (): Promise<Reply> => call('POST', at('shows'), { token, body: description });
      expecting(await patiently(opening), 200, 201);
      const { showId } = description;
      const isSeen = async (url: string): Promise<boolean> =>
        (await call('GET', `${url}/api/shows/${showId}`)).status === 200;
      await Promise.all(urls.map((url) => until(`${showId} to be seen`, () => isSeen(url))));
    },
    request,
    book: async (wish, key = randomUUID()) => bookingOf(expecting(await request(wish, key), 202)),
    bookingOf,
  };
};
