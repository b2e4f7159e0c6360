import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOf } from '@ensemble/host/edge';
import { Problem, type ProblemCode, problems } from './problem.ts';
import {
  adas,
  type Answer,
  type Asking,
  bearing,
  hamlet,
  type Rehearsal,
  rehearse,
} from './rehearsal.ts';

const key = '8e03978e-40d5-43dd';
const topics = ['section', 'booking', 'seat', 'gateway.dead'];
const operator = bearing('operator-token-of-grace');
const macbeth = { ...hamlet, showId: 'macbeth', title: 'Macbeth' };
let stage: Rehearsal;
let booking: Answer['body'];

beforeAll(async () => {
  stage = await rehearse();
  await stage.gateway.openShow(hamlet, { by: 'spec' });
  booking = (await stage.book('the-key-of-ada-booking')).body;
});
afterAll(() => stage.end());

/** The refusal of a request; that nothing was published is part of it. */
const refused = async (path: string, options: Asking = {}) => {
  const before = await stage.log.ends(topics);
  const { status, headers, body } = await stage.ask(path, options);
  expect(await stage.log.ends(topics)).toEqual(before);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(body).toMatchObject({
    status,
    title: expect.any(String),
    detail: expect.any(String),
    advice: expect.any(String),
    type: `/problems/${body.code}`,
  });
  const pointers = body.errors?.map(({ pointer }: { pointer: string }) => pointer);
  return { status, code: body.code, ...(pointers && { pointers }) };
};
const book = (json: unknown, headers = {}) =>
  refused('/api/bookings', { json, headers: { 'Idempotency-Key': key, ...headers } });
const bookRaw = (body: string | Buffer<ArrayBuffer>, headers = {}) =>
  refused('/api/bookings', {
    method: 'POST',
    body,
    headers: { 'Idempotency-Key': key, 'Content-Type': 'application/json', ...headers },
  });
const invalid = (...pointers: string[]) => ({ status: 400, code: 'invalid', pointers });
const nine = Array.from({ length: 9 }, (_, index) => `A-${index + 1}`);

describe('a booking is refused', () => {
  it.each([
    ['a price of the client’s', { ...adas, price: { amount: 1, currency: 'EUR' } }, ['/price']],
    [
      'an unknown field within',
      { ...adas, customer: { ...adas.customer, vip: 1 } },
      ['/customer/vip'],
    ],
    ['two unknown fields', { ...adas, a: 1, 'b/c': 2 }, ['/a', '/b~1c']],
    ['no seats', { ...adas, seats: [] }, ['/seats']],
    ['9 seats', { ...adas, seats: nine }, ['/seats']],
    ['a seat twice', { ...adas, seats: ['A-1', 'A-1'] }, ['/seats']],
    ['an odd seat', { ...adas, seats: ['A-1', 'a1'] }, ['/seats/1']],
    ['seats that are no list', { ...adas, seats: 'A-1' }, ['/seats']],
    ['a wrong type', { ...adas, showId: 5 }, ['/showId']],
    ['a null', { ...adas, customer: null }, ['/customer']],
    ['an odd address', { ...adas, customer: { name: 'Ada', email: 'ada' } }, ['/customer/email']],
    ['a blank name', { ...adas, customer: { ...adas.customer, name: '  ' } }, ['/customer/name']],
    ['a card number', { ...adas, card: '4242424242424242' }, ['/card']],
    ['a list', [adas], ['']],
    ['a word', 'hamlet', ['']],
    ['a number', 5, ['']],
    ['a null for all', null, ['']],
  ])('with %s', async (_what, json, pointers) => {
    expect(await book(json)).toEqual(invalid(...pointers));
  });

  it('with fields missing, each of them named', async () => {
    expect(await book({})).toEqual(invalid('/showId', '/section', '/seats', '/customer', '/card'));
  });

  it('with a prototype in it', async () => {
    const body = JSON.stringify(adas).replace('{', '{"__proto__":{"vip":true},');
    expect(await bookRaw(body)).toEqual(invalid('/__proto__'));
  });

  it.each([
    ['show', { ...adas, showId: 'macbeth' }, ['/showId']],
    ['section', { ...adas, section: 'moon' }, ['/section']],
    ['seats', { ...adas, seats: ['A-1', 'A-21', 'Z-1'] }, ['/seats/1', '/seats/2']],
  ])('with an unknown %s', async (_what, json, pointers) => {
    expect(await book(json)).toEqual({ status: 422, code: 'unknown-place', pointers });
  });

  it.each([
    ['missing', undefined],
    ['too short', 'x'.repeat(15)],
    ['too long', 'x'.repeat(65)],
    ['of odd characters', 'key of sixteen characters'],
  ])('with a key that is %s', async (_how, odd) => {
    const headers: Record<string, string> = odd === undefined ? {} : { 'Idempotency-Key': odd };
    expect(await refused('/api/bookings', { json: adas, headers })).toEqual({
      status: 400,
      code: 'idempotency-key',
    });
  });

  it.each([
    ['malformed JSON', '{"showId": "hamlet"', {}, 400, 'malformed'],
    ['a bare word', 'hamlet', {}, 400, 'malformed'],
    ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), {}, 400, 'malformed'],
    ['17 KiB', JSON.stringify({ card: 'x'.repeat(17 * 1024) }), {}, 413, 'too-large'],
    ['a form', 'showId=hamlet', { 'Content-Type': 'text/plain' }, 415, 'wrong-media-type'],
    [
      'JSON in Latin-1',
      '{}',
      { 'Content-Type': 'application/json; charset=iso-8859-1' },
      415,
      'wrong-media-type',
    ],
    ['a compressed body', 'x', { 'Content-Encoding': 'gzip' }, 415, 'wrong-media-type'],
  ])('with %s', async (_what, body, headers, status, code) => {
    expect(await bookRaw(body, headers)).toEqual({ status, code });
  });

  it('without a body', async () => {
    const headers = { 'Idempotency-Key': key };
    expect(await refused('/api/bookings', { method: 'POST', headers })).toEqual(invalid(''));
  });
});

describe('a change of a booking is refused', () => {
  const change = (path: string, json: unknown, headers = {}) =>
    refused(`/api/bookings/${booking.bookingId}/${path}`, {
      json,
      headers: { ...bearing(booking.token), 'Idempotency-Key': key, ...headers },
    });

  it.each([
    ['card', {}, ['/card']],
    ['card', { card: 5 }, ['/card']],
    ['card', { card: 'pm_card_visa', amount: 1 }, ['/amount']],
    ['withdrawal', { refund: 1 }, ['/refund']],
  ])('for %s with %j', async (path, json, pointers) => {
    expect(await change(path, json)).toEqual(invalid(...pointers));
  });

  it('for a card without a key', async () => {
    expect(await change('card', { card: 'pm_card_visa' }, { 'Idempotency-Key': 'short' })).toEqual({
      status: 400,
      code: 'idempotency-key',
    });
  });
});

describe('a show is refused', () => {
  const open = (json: unknown, headers = operator) => refused('/api/shows', { json, headers });
  const [stalls, balcony] = hamlet.sections;
  const withSection = (section: object) => ({ ...macbeth, sections: [section] });

  it.each([
    ['no token', {}],
    ['another token', bearing('operator-token-of-gracf')],
    ['the token of a booking', () => bearing(booking.token)],
  ])('with %s', async (_what, headers) => {
    const sent = typeof headers === 'function' ? headers() : headers;
    const { status, code } = await open(macbeth, sent as typeof operator);
    expect([status, code]).toEqual([401, 'operators-only']);
    const { headers: answered } = await stage.ask('/api/shows', { method: 'POST' });
    expect(answered.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    ['no sections', { ...macbeth, sections: [] }, '/sections'],
    ['a section twice', { ...macbeth, sections: [stalls, stalls] }, '/sections'],
    ['an unknown field', { ...macbeth, discount: 1 }, '/discount'],
    ['a day without a time', { ...macbeth, startsAt: '2027-03-01' }, '/startsAt'],
    [
      'a row backwards',
      withSection({ ...stalls, rows: [{ row: 'A', from: 9, to: 1 }] }),
      '/sections/0/rows/0',
    ],
    [
      'a seat twice',
      withSection({ ...stalls, rows: [...stalls!.rows, { row: 'A', from: 20, to: 21 }] }),
      '/sections/0/rows',
    ],
    [
      'more seats than a section has',
      withSection({
        ...stalls,
        rows: Array.from({ length: 6 }, (_, index) => ({ row: `R${index}`, from: 1, to: 900 })),
      }),
      '/sections/0/rows',
    ],
    [
      'a price below nothing',
      withSection({ ...stalls, price: { amount: -1, currency: 'EUR' } }),
      '/sections/0/price/amount',
    ],
  ])('with %s', async (_what, json, pointer) => {
    expect(await open(json)).toEqual(invalid(pointer));
  });

  it.each([
    ['another title', { ...hamlet, title: 'Hamlet, again' }, ['/title']],
    [
      'another price of a section',
      { ...hamlet, sections: [stalls, { ...balcony, price: { amount: 1, currency: 'EUR' } }] },
      ['/sections/1/price'],
    ],
    [
      'a new section beside a changed one',
      {
        ...hamlet,
        sections: [
          { ...balcony, section: 'boxes' },
          { ...stalls, rows: balcony!.rows },
        ],
      },
      ['/sections/1/rows'],
    ],
  ])('when it is open with %s', async (_what, json, pointers) => {
    expect(await open(json)).toEqual({ status: 409, code: 'opened-differently', pointers });
  });

  it('when it is open, with all that differs and what it is', async () => {
    const price = { amount: 1, currency: 'EUR' };
    const startsAt = '2027-03-02T19:30:00.000Z';
    const json = { ...hamlet, startsAt, sections: [{ ...stalls, price }, balcony] };
    const { body } = await stage.ask('/api/shows', { json, headers: operator });
    expect(body.errors).toEqual([
      {
        pointer: '/startsAt',
        detail: `expected "${hamlet.startsAt}", as it is on sale, found "${startsAt}"`,
      },
      {
        pointer: '/sections/0/price',
        detail:
          'expected {"amount":4500,"currency":"EUR"}, as it is on sale, ' +
          'found {"amount":1,"currency":"EUR"}',
      },
    ]);
  });
});

describe('a problem', () => {
  const post = (path: string, json: unknown, headers = {}) =>
    stage.ask(path, { json, headers: { 'Idempotency-Key': key, ...headers } });

  it.each([
    ['an object', 'hamlet', '', 'expected a JSON object, found a string'],
    ['an object, not null', null, '', 'expected a JSON object, found null'],
    ['a field', { ...adas, showId: undefined }, '/showId', 'expected a string, found nothing'],
    ['a list', { ...adas, seats: 'A-1' }, '/seats', 'expected a list, found a string'],
    [
      'a character',
      { ...adas, customer: { ...adas.customer, name: ' ' } },
      '/customer/name',
      'expected at least 1 character',
    ],
    [
      'few characters',
      { ...adas, customer: { ...adas.customer, name: 'x'.repeat(121) } },
      '/customer/name',
      'expected at most 120 characters',
    ],
    [
      'an address',
      { ...adas, customer: { ...adas.customer, email: 'ada' } },
      '/customer/email',
      'expected an address such as ada@example.org',
    ],
  ])('says in plain words that it wants %s', async (_what, json, pointer, detail) => {
    const { body } = await post('/api/bookings', json);
    expect(body.errors).toEqual([{ pointer, detail }]);
  });

  it('says so of a show as well', async () => {
    const [stalls] = hamlet.sections;
    const row = { row: 'A', from: 0.5, to: 1_000 };
    const odd = { ...stalls, rows: [row], price: { amount: '1', currency: 'EUR' } };
    const json = { ...macbeth, startsAt: 'soon', sections: [odd] };
    const { body } = await post('/api/shows', json, operator);
    expect(body.errors.map(({ detail }: { detail: string }) => detail)).toEqual(
      expect.arrayContaining([
        'expected a moment such as 2027-03-01T19:30:00.000Z',
        'expected a whole number',
        'expected at most 999',
        'expected a number, found a string',
      ]),
    );
    const none = await post('/api/shows', { ...macbeth, sections: [] }, operator);
    expect(none.body.errors[0].detail).toBe('expected at least 1 entry');
  });

  it('advises a key for what is asked', async () => {
    const odd = { 'Idempotency-Key': 'short' };
    const ofBooking = await post('/api/bookings', adas, odd);
    expect(ofBooking.body.advice).toMatch(/a new one for each booking\.$/);
    const ofCard = await post(`/api/bookings/${booking.bookingId}/card`, {}, odd);
    expect(ofCard.body.advice).toMatch(/a new one for each card\.$/);
  });

  it('advises the same key once more only where there was one', () => {
    for (const [code, [status]] of Object.entries(problems)) {
      const problem = new Problem(code as ProblemCode, 'It is so.');
      expect(answerOf(problems, problem, false).advice).not.toContain('same');
      expect(/same/.test(answerOf(problems, problem, true).advice)).toBe(status >= 429);
    }
  });
});

describe('what is not there', () => {
  it.each([
    ['/api/nothing', 'unknown-path'],
    ['/nothing', 'unknown-path'],
    ['/%ff', 'unknown-path'],
    ['/api/shows/macbeth', 'unknown-show'],
    ['/api/shows/macbeth/live', 'unknown-show'],
    ['/api/bookings/hello', 'unknown-booking'],
    [`/api/bookings/${'0'.repeat(32)}`, 'unknown-booking'],
  ])('is not found: %s', async (path, code) => {
    expect(await refused(path)).toEqual({ status: 404, code });
  });

  it.each([
    ['DELETE', '/api/shows', 'GET, HEAD, POST'],
    ['PUT', '/api/shows/hamlet', 'GET, HEAD'],
    ['GET', '/api/bookings', 'POST'],
    ['PATCH', '/api/bookings/x', 'GET, HEAD'],
    ['GET', '/api/bookings/x/card', 'POST'],
    ['GET', '/api/bookings/x/withdrawal', 'POST'],
    ['POST', '/api/openapi.json', 'GET, HEAD'],
  ])('cannot be done: %s %s', async (method, path, allow) => {
    expect(await refused(path, { method })).toEqual({ status: 405, code: 'wrong-method' });
    expect((await stage.ask(path, { method })).headers.get('allow')).toBe(allow);
  });
});

describe('every answer', () => {
  it('is guarded: it frames nothing, runs nothing and is for its own origin', async () => {
    const { headers } = await stage.ask('/api/shows', {
      headers: { Origin: 'https://elsewhere.example' },
    });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    const names = [...headers.keys()];
    expect(names).not.toContain('x-powered-by');
    expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('is explained where the type of a problem leads', async () => {
    for (const [code, [status, title]] of Object.entries(problems)) {
      const { text } = await stage.ask(`/problems/${code}`);
      expect(text).toContain(`${code} (${status})\n\n${title}.\n`);
    }
    expect((await stage.ask('/problems/nothing')).status).toBe(404);
  });
});
