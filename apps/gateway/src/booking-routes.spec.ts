import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataOf, EventType } from '@ensemble/contracts';
import { memoryStore, StoreUnavailable } from '@ensemble/store';
import {
  adas,
  type Answer,
  bearing,
  hamlet,
  type Rehearsal,
  rehearse,
  until,
} from './rehearsal.ts';

const key = '8e03978e-40d5-43dd';
const card = 'pm_card_mastercard';
let stage: Rehearsal;

beforeEach(async () => {
  stage = await rehearse();
  await stage.gateway.openShow(hamlet, { by: 'spec' });
});
afterEach(() => stage.end());

const look = ({ bookingId, token }: Answer['body'], headers = {}): Promise<Answer> =>
  stage.ask(`/api/bookings/${bookingId}`, { headers: { ...bearing(token), ...headers } });
type Fact = readonly [EventType, Partial<DataOf<EventType>>?];
/** Says what becomes of a booking, and waits until the gateway shows it. */
const becomes = async (
  booking: Answer['body'],
  state: string,
  ...facts: readonly Fact[]
): Promise<Answer['body']> => {
  const { bookingId } = booking;
  for (const [type, data] of facts) await stage.says(type, { ...data, bookingId } as never);
  const seen = await until(
    () => look(booking),
    ({ body }) => body.state === state,
  );
  expect(seen.body.state).toBe(state);
  return seen.body;
};
const later = (ms: number): string => new Date(Date.now() + ms).toISOString();
const reserved = ['seat.reserved', { heldUntil: later(600_000) }] as const;
const declined = ['payment.declined', { until: later(600_000) }] as const;

describe('a booking', () => {
  it('is accepted at once, as a fact about the customer', async () => {
    const { status, headers, body } = await stage.book(key);
    expect(status).toBe(202);
    expect(body).toEqual({
      bookingId: expect.stringMatching(/^[0-9a-f]{32}$/),
      token: expect.stringMatching(/^[\w-]{43}$/),
      state: 'requested',
    });
    expect(headers.get('location')).toBe(`/api/bookings/${body.bookingId}`);
    expect(headers.get('cache-control')).toBe('no-store');
    const { title, venue, startsAt } = hamlet;
    expect(await stage.published('booking')).toMatchObject([
      {
        type: 'booking.requested',
        key: 'hamlet/stalls',
        correlationId: body.bookingId,
        data: { ...adas, bookingId: body.bookingId, show: { title, venue, startsAt } },
      },
    ]);
  });

  it('is there as soon as it is accepted', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `${key}-${index}`);
    const answers = await Promise.all(
      keys.map(async (each) => look((await stage.book(each)).body)),
    );
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
    expect(answers[0]?.body).toMatchObject({
      state: 'requested',
      seats: ['A-12', 'A-13'],
      total: { amount: 9000, currency: 'EUR' },
    });
  });

  it('is shown without the store where it was accepted', async () => {
    await stage.end();
    const [store, away] = [memoryStore(), () => Promise.reject(new StoreUnavailable('away'))];
    stage = await rehearse({ store: { ...store, load: away, facts: away } });
    await stage.gateway.openShow(hamlet, { by: 'spec' });
    const { body } = await stage.book(key);
    expect(await look(body)).toMatchObject({ status: 200, body: { state: 'requested' } });
    await becomes(body, 'reserved', reserved);
  });

  it('is the same for the same key and body', async () => {
    const first = await stage.book(key);
    await becomes(first.body, 'reserved', reserved);
    expect((await stage.book(key)).body).toEqual(first.body);
    expect(await stage.published('booking')).toHaveLength(1);
  });

  it('is not made over by another body under its key', async () => {
    await stage.book(key);
    const { status, body } = await stage.book(key, { ...adas, seats: ['A-1'] });
    expect([status, body.code]).toEqual([422, 'key-reused']);
    expect(await stage.published('booking')).toHaveLength(1);
  });

  it('takes no trace from a stranger', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await stage.book(`${key}-a`, adas, { traceparent });
    const events = await stage.published('booking');
    expect(events.map((event) => event.traceparent)).toEqual([undefined]);
  });

  it('becomes what the others say, whatever reaches the gateway first', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'reserved', reserved);
    await becomes(body, 'declined', ['payment.declined']);
    await becomes(body, 'ticketed', ['ticket.generated']);
    const view = await becomes(body, 'ticketed', ['payment.received'], ['notification.sent']);
    expect(view.ticket.links.pdf).toMatch(/ticket\.pdf$/);
    await becomes(body, 'refunded', ['payment.refunded']);
  });
});

describe('the outcome of a booking', () => {
  const prefer = (wait: number) => ({ Prefer: `respond-async, wait=${wait}` });

  it('is waited for by who prefers it', async () => {
    const { bookingId } = (await stage.book(key)).body;
    const waiting = stage.book(key, adas, prefer(20));
    for (const type of ['seat.reserved', 'payment.received', 'ticket.generated'] as const)
      await stage.says(type, { bookingId });
    const { status, headers, body } = await waiting;
    expect(status).toBe(200);
    expect(headers.get('preference-applied')).toBe('wait=20');
    expect(body).toMatchObject({ bookingId, state: 'ticketed', token: expect.any(String) });
    expect((await look(body)).status).toBe(200);
  });

  it('comes later when it takes longer than that', async () => {
    const { status, headers, body } = await stage.book(key, adas, prefer(0));
    expect([status, body.state]).toEqual([202, 'requested']);
    expect(headers.get('preference-applied')).toBe('wait=0');
    await becomes(body, 'reserved', reserved);
    const again = await stage.book(key, adas, prefer(1));
    expect([again.status, again.body.state]).toEqual([202, 'reserved']);
  });

  it('is no more waited for when the customer must give another card', async () => {
    const { bookingId } = (await stage.book(key)).body;
    const waiting = stage.book(key, adas, prefer(20));
    for (const type of ['seat.reserved', 'payment.declined'] as const)
      await stage.says(type, { bookingId });
    const { status, headers, body } = await waiting;
    expect([status, body.bookingId, body.state]).toEqual([202, bookingId, 'declined']);
    expect(headers.get('preference-applied')).toBe('wait=20');
  });

  it('is waited for half a minute at most', async () => {
    const { bookingId } = (await stage.book(key)).body;
    await stage.says('seat.refused', { bookingId });
    const { status, headers, body } = await stage.book(key, adas, prefer(999));
    expect(headers.get('preference-applied')).toBe('wait=30');
    expect([status, body.state, body.reason]).toEqual([200, 'refused', 'taken']);
  });

  it('is no more waited for when the gateway stops', async () => {
    const waiting = stage.book(key, adas, prefer(30));
    await until(
      () => stage.published('booking'),
      ({ length }) => length > 0,
    );
    await stage.gateway.stop({ drainMs: 100 });
    expect((await waiting).status).toBe(202);
  });
});

describe('a booking that is looked at', () => {
  it.each([
    ['without a token', async () => ({})],
    ['with another token', async () => bearing('x'.repeat(43))],
    ['with another booking’s', async () => bearing((await stage.book(`${key}-other`)).body.token)],
    ['with another scheme', async () => ({ Authorization: `Basic ${'x'.repeat(43)}` })],
  ])('is not there for who comes %s', async (_how, headers) => {
    const { bookingId } = (await stage.book(key)).body;
    for (const path of ['', '/live'])
      expect(
        await stage.ask(`/api/bookings/${bookingId}${path}`, { headers: await headers() }),
      ).toMatchObject({ status: 404, body: { code: 'unknown-booking' } });
    for (const [path, json] of [
      ['/card', { card }],
      ['/withdrawal', {}],
    ] as const)
      expect(
        await stage.ask(`/api/bookings/${bookingId}${path}`, {
          json,
          headers: { ...(await headers()), 'Idempotency-Key': key },
        }),
      ).toMatchObject({ status: 404, body: { code: 'unknown-booking' } });
  });

  it('is not sent again as long as it is the same', async () => {
    const { body } = await stage.book(key);
    const first = await look(body);
    const etag = first.headers.get('etag') ?? '';
    const second = await look(body, { 'If-None-Match': etag });
    expect([second.status, second.text]).toEqual([304, '']);
    await becomes(body, 'reserved', reserved);
    const third = await look(body, { 'If-None-Match': etag });
    expect([third.status, third.body.state]).toEqual([200, 'reserved']);
    expect(third.headers.get('etag')).not.toBe(etag);
  });

  it('tells how fresh it is, and is kept by nobody on the way', async () => {
    const { body } = await stage.book(key);
    const { headers } = await until(
      () => look(body),
      (answer) => answer.headers.has('ensemble-as-of'),
    );
    expect(Math.abs(Date.parse(headers.get('ensemble-as-of') ?? '') - Date.now())).toBeLessThan(
      9e3,
    );
    expect(headers.get('ensemble-lag')).toMatch(/^\d+$/);
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(headers.get('vary')).toBe('Authorization');
  });
});

describe('another card', () => {
  const give = ({ bookingId, token }: Answer['body'], json: unknown = { card }, name = key) =>
    stage.ask(`/api/bookings/${bookingId}/card`, {
      json,
      headers: { ...bearing(token), 'Idempotency-Key': name },
    });

  it('is taken while the seats are held', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'declined', reserved, declined);
    const { status, body: accepted } = await give(body);
    expect([status, accepted]).toEqual([202, { bookingId: body.bookingId, state: 'declined' }]);
    expect((await stage.published('booking'))[1]).toMatchObject({
      type: 'booking.card-replaced',
      data: { bookingId: body.bookingId, showId: 'hamlet', section: 'stalls', card },
    });
    expect((await look(body)).body.state).toBe('reserved');
  });

  it('is taken once, also when the same request comes after its time', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'declined', reserved, declined);
    await Promise.all([give(body), give(body)]);
    await becomes(body, 'paid', ['payment.received']);
    expect((await give(body)).status).toBe(202);
    expect(await stage.published('booking')).toHaveLength(2);
  });

  it('is not another one under the same key', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'declined', reserved, declined);
    await give(body);
    const { status, body: problem } = await give(body, { card: 'pm_card_visa' });
    expect([status, problem.code]).toEqual([422, 'key-reused']);
  });

  it.each([
    ['after it was paid for', 'paid', [reserved, ['payment.received']]],
    ['after it failed', 'failed', [reserved, ['payment.failed']]],
    ['when the hold has ended', 'reserved', [['seat.reserved', { heldUntil: later(-1) }]]],
  ] as const)('makes no sense %s', async (_when, state, facts) => {
    const { body } = await stage.book(key);
    await becomes(body, state, ...(facts as readonly Fact[]));
    const { status, body: problem } = await give(body);
    expect([status, problem.code]).toEqual([409, 'too-late']);
    expect(await stage.published('booking')).toHaveLength(1);
  });

  it('is too early before the seats are held', async () => {
    const { status, headers, body } = await give((await stage.book(key)).body);
    expect([status, body.code]).toEqual([409, 'too-early']);
    expect(body.detail).toBe('Its seats are not reserved yet: try again when they are.');
    expect(headers.get('retry-after')).toBe('1');
    expect(await stage.published('booking')).toHaveLength(1);
  });

  it.each([
    ['reserved, its hold ended', 'reserved', [['seat.reserved', { heldUntil: later(-1) }]]],
    ['declined, its hold ended', 'declined', [['payment.declined', { until: later(-1) }]]],
    ['ticketed', 'ticketed', [reserved, ['payment.received'], ['ticket.generated']]],
  ] as const)('is told that the booking is %s', async (why, state, facts) => {
    const { body } = await stage.book(key);
    await becomes(body, state, ...(facts as readonly Fact[]));
    const { detail } = (await give(body)).body;
    expect(detail).toBe(`The booking takes no other card: it is ${why}.`);
  });

  it('is not taken for ever', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'reserved', reserved);
    const statuses = [];
    for (let count = 1; count <= 10; count += 1) {
      statuses.push((await give(body, { card }, `${key}-${count}`)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 202), 409]);
  });

  it('makes no sense after a withdrawal', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'declined', reserved, declined);
    await stage.ask(`/api/bookings/${body.bookingId}/withdrawal`, {
      json: {},
      headers: bearing(body.token),
    });
    expect((await give(body)).status).toBe(409);
  });
});

describe('a copy of the letter', () => {
  const ask = ({ bookingId, token }: Answer['body'], name = key, options = {}) =>
    stage.ask(`/api/bookings/${bookingId}/copy`, {
      method: 'POST',
      headers: { ...bearing(token), 'Idempotency-Key': name },
      ...options,
    });
  const asked = async (): Promise<number> =>
    (await stage.published('booking')).filter(({ type }) => type === 'booking.copy-requested')
      .length;

  it.each([
    ['ticketed', [reserved, ['payment.received'], ['ticket.generated']]],
    ['refused', [['seat.refused']]],
    ['failed', [reserved, ['payment.failed']]],
    ['refunded', [reserved, ['payment.received'], ['payment.refunded']]],
  ] as const)('is asked for once by each key when the booking is %s', async (state, facts) => {
    const { body } = await stage.book(key);
    await becomes(body, state, ...(facts as readonly Fact[]));
    const first = await ask(body);
    expect([first.status, first.body]).toEqual([202, { bookingId: body.bookingId, state }]);
    expect((await ask(body, key, { json: {} })).status).toBe(202);
    expect(await asked()).toBe(1);
    expect((await ask(body, `${key}-2`)).status).toBe(202);
    expect(await asked()).toBe(2);
  });

  it('is too early while there is no letter', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'declined', reserved, declined);
    const { status, headers, body: problem } = await ask(body);
    expect([status, problem.code, headers.get('retry-after')]).toEqual([409, 'too-early', '1']);
    expect(await asked()).toBe(0);
  });

  it('is sent five times at most, and its repeats are answered all the same', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'refused', ['seat.refused']);
    const keys = Array.from({ length: 6 }, (_, index) => `${key}-${index}`);
    const statuses = [];
    for (const name of [...keys, `${key}-0`]) statuses.push((await ask(body, name)).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 409, 202]);
    expect(await asked()).toBe(5);
  });

  it('needs the token, a key and no words', async () => {
    const { body } = await stage.book(key);
    expect((await ask({ ...body, token: 'wrong' })).status).toBe(404);
    expect((await ask(body, 'short')).body.code).toBe('idempotency-key');
    expect((await ask(body, key, { json: { to: 'eve@example.org' } })).body.code).toBe('invalid');
  });
});

describe('a withdrawal', () => {
  const withdraw = ({ bookingId, token }: Answer['body'], options = {}) =>
    stage.ask(`/api/bookings/${bookingId}/withdrawal`, {
      method: 'POST',
      headers: bearing(token),
      ...options,
    });

  it('is taken in once, with a body or without', async () => {
    const { body } = await stage.book(key);
    const { bookingId } = body;
    const first = await withdraw(body);
    expect([first.status, first.body]).toEqual([202, { bookingId, state: 'requested' }]);
    expect((await withdraw(body, { json: {} })).status).toBe(202);
    expect((await stage.published('booking')).map(({ type }) => type)).toEqual([
      'booking.requested',
      'booking.withdrawn',
    ]);
    const { history } = (await look(body)).body;
    expect(history.map(({ type }: { type: string }) => type)).toContain('booking.withdrawn');
  });

  it('shows what is owed until the money went back', async () => {
    const { body } = await stage.book(key);
    await becomes(body, 'paid', reserved, ['payment.received']);
    expect((await withdraw(body)).status).toBe(202);
    expect((await look(body)).body.refundOwed).toEqual({ amount: 9000, currency: 'EUR' });
    const view = await becomes(body, 'refunded', ['payment.refunded'], ['ticket.revoked']);
    expect(view).not.toHaveProperty('refundOwed');
  });

  it('makes no sense once somebody was let in on the ticket', async () => {
    const { body } = await stage.book(key);
    const { bookingId } = body;
    await becomes(body, 'ticketed', reserved, ['payment.received'], ['ticket.generated']);
    await stage.says('ticket.admitted', { bookingId });
    await until(
      () => look(body),
      (answer) => JSON.stringify(answer.body.history).includes('ticket.admitted'),
    );
    const { status, body: problem } = await withdraw(body);
    expect([status, problem.code]).toEqual([409, 'too-late']);
  });

  it.each([
    ['refused', [['seat.refused']]],
    ['failed', [reserved, ['payment.failed']]],
    ['refunded', [reserved, ['payment.received'], ['payment.refunded']]],
  ] as const)('makes no sense when the booking is %s', async (state, facts) => {
    const { body } = await stage.book(key);
    await becomes(body, state, ...(facts as readonly Fact[]));
    const { status, body: problem } = await withdraw(body);
    expect([status, problem.code]).toEqual([409, 'too-late']);
    expect(await stage.published('booking')).toHaveLength(1);
  });
});
