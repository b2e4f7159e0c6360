import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { type ProblemCode, problems } from './problem.ts';
import {
  acceptedView,
  bookingRequest,
  bookingView,
  cardRequest,
  openedView,
  outcomeView,
  problemView,
  receipt,
  showRequest,
  showsView,
  showView,
  withdrawalRequest,
} from './schemas.ts';

const json = <Schema extends z.ZodType>(schema: Schema) => ({
  content: { 'application/json': { schema } },
});
const events = {
  content: { 'text/event-stream': { schema: z.string() } },
  description:
    'Server-sent events, each with the whole document as data, one whenever it changed. The id is ' +
    'how far the log was read; sent back as Last-Event-ID, the stream goes on without a gap.',
};

/** Answers that are problems, by status. */
const refusals = (...codes: readonly ProblemCode[]): ZodOpenApiResponsesObject => {
  const all: readonly ProblemCode[] = [...codes, 'too-many-requests', 'internal'];
  const content = { 'application/problem+json': { schema: problemView } };
  return Object.fromEntries(
    [...Map.groupBy(all, (code) => problems[code][0])].map(([status, ofStatus]) => {
      const description = ofStatus.map((code) => `\`${code}\`: ${problems[code][1]}.`).join(' ');
      return [String(status), { description, content }];
    }),
  );
};

const freshness = {
  'Ensemble-As-Of': {
    description: 'Everything that was said before this moment is in the answer.',
    schema: { type: 'string', format: 'date-time' },
  },
  'Ensemble-Lag': {
    description: 'Records of the log that the read models had not taken in when last looked.',
    schema: { type: 'integer' },
  },
} as const;

const key = z.string().min(16).max(64).meta({
  description: 'A new one for each act; repeated with the same body, it is the same act.',
});
const keyed = z.object({ 'Idempotency-Key': key });
const ofShow = { path: z.object({ showId: showRequest.shape.showId }) };
const ofBooking = { path: z.object({ bookingId: receipt.shape.bookingId }) };
const resumed = { header: z.object({ 'Last-Event-ID': z.string().optional() }) };
const customer = [{ booking: [] }];
const operator = [{ operator: [] }];
const ofBody = ['malformed', 'invalid', 'too-large', 'wrong-media-type', 'not-now'] as const;

const paths: ZodOpenApiPathsObject = {
  '/api/shows': {
    get: {
      summary: 'The shows that are on sale',
      responses: {
        '200': { description: 'All of them.', headers: freshness, ...json(showsView) },
        ...refusals('cold'),
      },
    },
    post: {
      summary: 'Puts a show on sale, section by section',
      security: operator,
      requestBody: json(showRequest),
      responses: {
        '200': { description: 'It was on sale already.', ...json(openedView) },
        '201': { description: 'It is on sale.', ...json(openedView) },
        ...refusals(...ofBody, 'operators-only', 'opened-differently', 'cold'),
      },
    },
  },
  '/api/shows/{showId}': {
    get: {
      summary: 'A show with the state of every seat',
      requestParams: ofShow,
      responses: {
        '200': { description: 'The show.', headers: freshness, ...json(showView) },
        ...refusals('unknown-show', 'cold'),
      },
    },
  },
  '/api/shows/{showId}/live': {
    get: {
      summary: 'A show as its seats change',
      requestParams: { ...ofShow, ...resumed },
      responses: { '200': events, ...refusals('unknown-show', 'cold') },
    },
  },
  '/api/bookings': {
    post: {
      summary: 'Books seats',
      description:
        'Answered at once: the outcome comes later, by this resource, its live stream and mail. ' +
        '`Prefer: wait=n` waits up to n (at most 30) seconds for it.',
      requestParams: { header: keyed.extend({ Prefer: z.string().optional() }) },
      requestBody: json(bookingRequest),
      responses: {
        '200': { description: 'The outcome, waited for.', ...json(outcomeView) },
        '202': { description: 'Accepted; see Location.', ...json(receipt) },
        ...refusals(...ofBody, 'idempotency-key', 'unknown-place', 'key-reused', 'cold', 'busy'),
      },
    },
  },
  '/api/bookings/{bookingId}': {
    get: {
      summary: 'A booking and what became of it',
      security: customer,
      requestParams: ofBooking,
      responses: {
        '200': { description: 'The booking.', headers: freshness, ...json(bookingView) },
        '304': { description: 'As it was, by If-None-Match.' },
        ...refusals('unknown-booking', 'not-now'),
      },
    },
  },
  '/api/bookings/{bookingId}/live': {
    get: {
      summary: 'A booking as it changes',
      security: customer,
      requestParams: { ...ofBooking, ...resumed },
      responses: { '200': events, ...refusals('unknown-booking', 'not-now') },
    },
  },
  '/api/bookings/{bookingId}/card': {
    post: {
      summary: 'Gives another card to pay with',
      security: customer,
      requestParams: { ...ofBooking, header: keyed },
      requestBody: json(cardRequest),
      responses: {
        '202': { description: 'Accepted.', ...json(acceptedView) },
        ...refusals(...ofBody, 'idempotency-key', 'unknown-booking', 'too-late', 'key-reused'),
      },
    },
  },
  '/api/bookings/{bookingId}/withdrawal': {
    post: {
      summary: 'Withdraws a booking',
      security: customer,
      requestParams: ofBooking,
      requestBody: { ...json(withdrawalRequest), required: false },
      responses: {
        '202': { description: 'Accepted.', ...json(acceptedView) },
        ...refusals(...ofBody, 'unknown-booking', 'too-late'),
      },
    },
  },
};

/** The description of the API as JSON, made from the schemas that requests are held to. */
export const openApi = (publicUrl?: string): string =>
  JSON.stringify(
    createDocument({
      openapi: '3.1.0',
      info: {
        title: 'Ensemble',
        version: '1.0.0',
        description: 'Ticket booking. Money is in minor units; errors are problems (RFC 9457).',
      },
      ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
      paths,
      components: {
        securitySchemes: {
          booking: { type: 'http', scheme: 'bearer', description: 'The token of the booking.' },
          operator: { type: 'http', scheme: 'bearer', description: "An operator's token." },
        },
      },
    }),
  );
