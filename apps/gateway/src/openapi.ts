import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { copiesAtMost } from './gateway.ts';
import { type ProblemCode, problems } from './problem.ts';
import {
  acceptedView,
  bookingRequest,
  bookingView,
  cardRequest,
  copyRequest,
  openedView,
  outcomeView,
  problemView,
  receipt,
  salesView,
  showRequest,
  showsView,
  showMapView,
  showView,
  withdrawalRequest,
} from './schemas.ts';

const json = <Schema extends z.ZodType>(schema: Schema) => ({
  content: { 'application/json': { schema } },
});

const text = (description: string) => ({ description, schema: { type: 'string' } }) as const;
/** By name. */
type Headers = Readonly<
  Record<string, { description: string; schema: { type: 'string' | 'integer'; format?: string } }>
>;

/** Headers of every answer, unless requests are not limited. */
const rated = {
  RateLimit: text('What is left of your minute, and for how long (draft-8).'),
  'RateLimit-Policy': text('How many requests a minute you may send (draft-8).'),
};
const tagged = { ETag: text('Names the answer as it is; for If-None-Match.') };
const located = { Location: text('Where to see what becomes of it.') };
const waited = { 'Preference-Applied': text('As `wait=n`, if that was preferred.') };
const later = { 'Retry-After': text('Seconds to wait.') };

/** An answer that is no problem. */
const answer = (description: string, schema: z.ZodType, headers: Headers = {}) => ({
  description,
  headers: { ...rated, ...headers },
  ...json(schema),
});
const unchanged = {
  description: 'As it was, by If-None-Match.',
  headers: { ...rated, ...tagged },
};
const events = {
  headers: rated,
  content: { 'text/event-stream': { schema: z.string() } },
  description:
    'Server-sent events, each with the whole document as data, one whenever it changed. The id is ' +
    'how far the log was read; sent back as Last-Event-ID, the stream goes on without a gap.',
};

/** Problems that pass; their answers say when to try again. */
const passing: readonly ProblemCode[] = [
  'too-early',
  'too-many-requests',
  'busy',
  'cold',
  'not-now',
];

/** Answers that are problems, by status. */
const refusals = (...codes: readonly ProblemCode[]): ZodOpenApiResponsesObject => {
  const all: readonly ProblemCode[] = [...codes, 'too-many-requests', 'internal'];
  const content = { 'application/problem+json': { schema: problemView } };
  return Object.fromEntries(
    [...Map.groupBy(all, (code) => problems[code][0])].map(([status, ofStatus]) => {
      const description = ofStatus.map((code) => `\`${code}\`: ${problems[code][1]}.`).join(' ');
      const passes = ofStatus.some((code) => passing.includes(code));
      const headers = { ...rated, ...(passes ? later : {}) };
      return [String(status), { description, headers, content }];
    }),
  );
};

const freshness = {
  ...tagged,
  'Ensemble-As-Of': {
    description:
      'A lower bound: everything that was said before this moment is in the answer, and maybe ' +
      'more. Absent while that is not known.',
    schema: { type: 'string', format: 'date-time' },
  },
  'Ensemble-Lag': {
    description: 'Records of the log that the read models had not taken in when last looked.',
    schema: { type: 'integer' },
  },
} as const;

const keyFor = (act: 'booking' | 'card' | 'copy') =>
  z.object({
    'Idempotency-Key': z
      .string()
      .min(16)
      .max(64)
      .meta({
        description: `A new one for each ${act}; repeated with the same body, it is the same one.`,
        param: { example: '8e03978e-40d5-43dd-bc93-6894a57f9324' },
      }),
  });
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
        '200': answer('All of them.', showsView, freshness),
        '304': unchanged,
        ...refusals('cold'),
      },
    },
    post: {
      summary: 'Puts a show on sale, section by section',
      security: operator,
      requestBody: json(showRequest),
      responses: {
        '200': answer('It was on sale already.', openedView, located),
        '201': answer('It is on sale.', openedView, located),
        ...refusals(...ofBody, 'operators-only', 'opened-differently', 'cold'),
      },
    },
  },
  '/api/shows/{showId}': {
    get: {
      summary: 'A show with the state of every seat',
      requestParams: ofShow,
      responses: {
        '200': answer('The show.', showView, freshness),
        '304': unchanged,
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
  '/api/shows/{showId}/map': {
    get: {
      summary: 'A show as it is drawn: the state of every seat, in few bytes',
      requestParams: ofShow,
      responses: {
        '200': answer('The show.', showMapView, freshness),
        '304': unchanged,
        ...refusals('unknown-show', 'cold'),
      },
    },
  },
  '/api/shows/{showId}/map/live': {
    get: {
      summary: 'The same as its seats change',
      requestParams: { ...ofShow, ...resumed },
      responses: { '200': events, ...refusals('unknown-show', 'cold') },
    },
  },
  '/api/sales': {
    get: {
      summary: 'How the shows sell',
      security: operator,
      responses: {
        '200': answer('All of them.', salesView, freshness),
        '304': unchanged,
        ...refusals('operators-only', 'cold', 'not-now'),
      },
    },
  },
  '/api/sales/live': {
    get: {
      summary: 'How the shows sell, as it changes: once a second at most',
      security: operator,
      requestParams: resumed,
      responses: { '200': events, ...refusals('operators-only', 'cold', 'not-now') },
    },
  },
  '/api/bookings': {
    post: {
      summary: 'Books seats',
      description:
        'Answered at once: the outcome comes later, by this resource, its live stream and mail. ' +
        '`Prefer: wait=n` waits up to n (at most 30) seconds for it, and no longer than until the ' +
        'card is declined: that is answered with 202 and `state: declined`, for it is up to the ' +
        'customer to give another card.',
      requestParams: { header: keyFor('booking').extend({ Prefer: z.string().optional() }) },
      requestBody: json(bookingRequest),
      responses: {
        '200': answer('The outcome, waited for.', outcomeView, { ...located, ...waited }),
        '202': answer('Accepted; see Location.', receipt, { ...located, ...waited, ...later }),
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
        '200': answer('The booking.', bookingView, freshness),
        '304': unchanged,
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
      requestParams: { ...ofBooking, header: keyFor('card') },
      requestBody: json(cardRequest),
      responses: {
        '202': answer('Accepted.', acceptedView, located),
        ...refusals(
          ...ofBody,
          'idempotency-key',
          'unknown-booking',
          'too-early',
          'too-late',
          'key-reused',
        ),
      },
    },
  },
  '/api/bookings/{bookingId}/copy': {
    post: {
      summary: 'Asks for the newest letter about a booking once more',
      description: `It goes to the same address; ${copiesAtMost} times at most.`,
      security: customer,
      requestParams: { ...ofBooking, header: keyFor('copy') },
      requestBody: { ...json(copyRequest), required: false },
      responses: {
        '202': answer('Accepted.', acceptedView, located),
        ...refusals(...ofBody, 'idempotency-key', 'unknown-booking', 'too-early', 'too-late'),
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
        '202': answer('Accepted.', acceptedView, located),
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
