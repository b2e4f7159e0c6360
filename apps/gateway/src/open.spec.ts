import { afterEach, describe, expect, it } from '@jest/globals';
import { type Log, LogUnavailable, memoryLog } from '@ensemble/log';
import { memoryStore, type Store, StoreUnavailable } from '@ensemble/store';
import {
  adas,
  type Answer,
  bearing,
  hamlet,
  handClock,
  type Rehearsal,
  rehearse,
  type RehearsalOptions,
  until,
} from './rehearsal.ts';

const key = '8e03978e-40d5-43dd';
const stages: Rehearsal[] = [];
const raise = async (options: RehearsalOptions = {}): Promise<Rehearsal> => {
  const stage = await rehearse(options);
  stages.push(stage);
  return stage;
};
afterEach(() => Promise.all(stages.splice(0).map((stage) => stage.end())));

const opened = async (options: RehearsalOptions = {}): Promise<Rehearsal> => {
  const stage = await raise(options);
  await stage.gateway.openShow(hamlet, { by: 'spec' });
  return stage;
};
/** One that has not followed the booking that there is: it asks the store, whose facts may fail. */
const beganLater = async () => {
  const [log, store] = [memoryLog(), memoryStore()];
  const before = await opened({ log, store });
  const { bookingId, token } = (await before.book(key)).body;
  await before.says('seat.reserved', { bookingId });
  const { port, fail } = failing(store, ['facts']);
  const stage = await raise({ log, store: port });
  const look = () => stage.ask(`/api/bookings/${bookingId}`, { headers: bearing(token) });
  await until(
    () => stage.gateway.status().waitsFor,
    ({ length }) => length === 0,
  );
  return { stage, bookingId, look, fail };
};

/** A log whose readers get nothing before it is let go. */
const heldBack = (log: Log) => {
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  const read: Log['read'] = (options) =>
    log.read({
      ...options,
      onRecords: async (records) => {
        await promise;
        await options.onRecords(records);
      },
    });
  return { log: { ...log, read }, letGo };
};

/** A log that hands nothing over, once it is slow, before somebody asks how far it goes. */
const slowLog = (log: Log) => {
  const asked = Promise.withResolvers<void>();
  let isSlow = false;
  const slowed = async (): Promise<void> => {
    if (isSlow) await asked.promise;
  };
  const slow: Log = {
    ...log,
    read: (options) =>
      log.read({
        ...options,
        onRecords: async (records) => {
          await slowed();
          await options.onRecords(records);
        },
      }),
    consume: (options) =>
      log.consume({
        ...options,
        handle: async (batch) => {
          await slowed();
          await options.handle(batch);
        },
      }),
    ends: async (topics) => {
      const ends = await log.ends(topics);
      if (isSlow) asked.resolve();
      return ends;
    },
  };
  return { log: slow, begin: () => void (isSlow = true) };
};

/** Fails while it is told to. */
const failing = <Port extends Log | Store>(port: Port, names: readonly (keyof Port)[]) => {
  let away: Error | null = null;
  const methods = names.map((name) => {
    const call = port[name] as (...args: unknown[]) => Promise<unknown>;
    return [name, async (...args: unknown[]) => (away ? Promise.reject(away) : call(...args))];
  });
  return {
    port: { ...port, ...Object.fromEntries(methods) } as Port,
    fail: (error: Error | null) => void (away = error),
  };
};

describe('several gateways', () => {
  it('make one booking of one key, however often and wherever it is sent', async () => {
    const [log, store] = [memoryLog(), memoryStore()];
    const gateways = [await opened({ log, store }), await raise({ log, store })];
    await until(
      () => gateways[1]!.ask('/api/shows/hamlet'),
      ({ status }) => status === 200,
    );
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => gateways[index % 2]!.book(key)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const events = await gateways[0]!.published('booking');
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    const other = await gateways[1]!.book(key, { ...adas, seats: ['A-1'] });
    expect(other.status).toBe(422);
    const { bookingId, token } = answers[0]!.body;
    for (const gateway of gateways) {
      const headers = bearing(token);
      expect((await gateway.ask(`/api/bookings/${bookingId}`, { headers })).status).toBe(200);
    }
  });

  it('decide between two bodies under one key', async () => {
    const [log, store] = [memoryLog(), memoryStore()];
    const gateways = [await opened({ log, store }), await opened({ log, store })];
    const bodies = [adas, { ...adas, seats: ['A-1'] }];
    const answers = await Promise.all(gateways.map((each, index) => each.book(key, bodies[index])));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 422]));
    const events = await gateways[0]!.published('booking');
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });

  it('show a booking that only another one has read', async () => {
    const [log, store] = [memoryLog(), memoryStore()];
    const first = await opened({ log, store });
    const { bookingId, token } = (await first.book(key)).body;
    const held = heldBack(log);
    const second = await raise({ store, log: held.log });
    const { status, body } = await second.ask(`/api/bookings/${bookingId}`, {
      headers: bearing(token),
    });
    expect([status, body.state]).toEqual([200, 'requested']);
    held.letGo();
  });

  it('know a show that another one opened a moment ago', async () => {
    for (const ask of [
      (late: Rehearsal) => late.ask('/api/shows/hamlet'),
      (late: Rehearsal) => late.book(key),
    ]) {
      const [log, store] = [memoryLog(), memoryStore()];
      const first = await raise({ log, store });
      const slow = slowLog(log);
      const late = await raise({ log: slow.log, store, clock: handClock() });
      await late.gateway.openShow({ ...hamlet, showId: 'lear' }, { by: 'spec' });
      slow.begin();
      await first.gateway.openShow(hamlet, { by: 'spec' });
      expect([200, 202]).toContain((await ask(late)).status);
    }
    const answer = await stages[0]!.ask('/api/shows/nowhere');
    expect(answer).toMatchObject({ status: 404, body: { code: 'unknown-show' } });
  });

  it('take no withdrawal when somebody was let in, also when only another one has heard of it', async () => {
    const slow = slowLog(memoryLog());
    const late = await opened({ log: slow.log, clock: handClock() });
    const { bookingId, token } = (await late.book(key)).body;
    for (const type of ['seat.reserved', 'payment.received', 'ticket.generated'] as const) {
      await late.says(type, { bookingId });
    }
    const look = () => late.ask(`/api/bookings/${bookingId}`, { headers: bearing(token) });
    await until(look, ({ body: { state } }) => state === 'ticketed');
    slow.begin();
    await late.says('ticket.admitted', { bookingId });
    const refused = await late.ask(`/api/bookings/${bookingId}/withdrawal`, {
      json: {},
      headers: bearing(token),
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'too-late' } });
  });

  it('take a card for what another one has heard was declined', async () => {
    const slow = slowLog(memoryLog());
    const late = await opened({ log: slow.log, clock: handClock() });
    const { bookingId, token } = (await late.book(key)).body;
    slow.begin();
    await late.says('seat.reserved', { bookingId, heldUntil: '2999-01-01T00:00:00.000Z' });
    await late.says('payment.declined', { bookingId });
    const { status } = await late.ask(`/api/bookings/${bookingId}/card`, {
      json: { card: 'pm_card_visa' },
      headers: { ...bearing(token), 'Idempotency-Key': key },
    });
    expect(status).toBe(202);
  });

  it('do not start with another secret', async () => {
    const store = memoryStore();
    await raise({ store, config: { bookingSecret: 'the secret of the house' } });
    await raise({ store, config: { bookingSecret: 'the secret of the house' } });
    await expect(raise({ store, config: { bookingSecret: 'another' } })).rejects.toMatchObject({
      code: 'wrong-secret',
    });
  });
});

describe('a cold gateway', () => {
  it('says so, until it knows the shows', async () => {
    const [log, store] = [memoryLog(), memoryStore()];
    await opened({ log, store });
    const held = heldBack(log);
    const cold = await raise({ log: held.log, store });
    for (const path of ['/api/shows', '/api/shows/hamlet', '/api/shows/hamlet/live']) {
      const { status, headers, body } = await cold.ask(path);
      expect([status, headers.get('retry-after'), body.code]).toEqual([503, '1', 'cold']);
    }
    expect(await cold.book(key)).toMatchObject({ status: 503, body: { code: 'cold' } });
    expect(await cold.published('booking')).toEqual([]);
    expect(cold.gateway.status().waitsFor).toContain('the shows, from the log');
    held.letGo();
    const { status } = await until(
      () => cold.book(key),
      (answer) => answer.status === 202,
    );
    expect(status).toBe(202);
    expect(cold.gateway.status().waitsFor).toEqual([]);
  });
});

describe('a gateway that is busy', () => {
  it('lets in as many as may wait for their seats, and more when seat has answered', async () => {
    const stage = await opened({ config: { admit: 3 } });
    const books = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, index) => stage.book(`${key}-${from + index}`)),
      );
    const [one, two, three, four] = await books(0, 4);
    expect([one, two, three].map((answer) => answer?.status)).toEqual([202, 202, 202]);
    expect(four).toMatchObject({ status: 503, body: { code: 'busy' } });
    expect(four?.headers.get('retry-after')).toBe('5');
    await until(
      () => stage.gateway.status().awaiting,
      (awaiting) => awaiting === 3,
    );
    expect((await stage.book(`${key}-x`)).status).toBe(503);
    const seat = stage.log.consume({
      group: 'seat',
      topics: ['booking'],
      assigned: () => undefined,
      revoked: () => undefined,
      handle: async () => undefined,
    });
    await until(
      () => stage.gateway.status().awaiting,
      (awaiting) => awaiting === 0,
    );
    expect((await stage.book(`${key}-x`)).status).toBe(202);
    expect(await stage.published('booking')).toHaveLength(4);
    await seat.stop();
  });

  it('limits the requests of a client', async () => {
    const stage = await opened({ config: { rateLimitPerMinute: 2 } });
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push(await stage.ask('/api/shows'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const [first, , last] = answers;
    expect(first?.headers.get('ratelimit')).toMatch(/r=1/);
    expect(first?.headers.get('ratelimit-policy')).toMatch(/q=2/);
    expect(last?.body.code).toBe('too-many-requests');
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    const headers = { 'X-Forwarded-For': '192.0.2.1' };
    expect((await stage.ask('/api/shows', { headers })).status).toBe(429);
    expect((await stage.ask('/docs')).status).toBe(200);
  });
});

describe('a gateway behind a proxy', () => {
  it('limits the requests of each client, as the proxy tells of him', async () => {
    const stage = await opened({ config: { rateLimitPerMinute: 1, proxies: 1 } });
    const askFor = async (who: string): Promise<number> =>
      (await stage.ask('/api/shows', { headers: { 'X-Forwarded-For': who } })).status;
    expect(await askFor('192.0.2.1')).toBe(200);
    expect(await askFor('192.0.2.2')).toBe(200);
    // What the client says himself stands before what the proxy says.
    expect(await askFor('192.0.2.9, 192.0.2.1')).toBe(429);
  });
});

describe('a gateway whose log or store is away', () => {
  it.each([
    ['log', new LogUnavailable('no broker')],
    ['store', new StoreUnavailable('no disk')],
  ])('accepts nothing without its %s, and loses nothing', async (which, error) => {
    const log = failing(memoryLog(), ['append']);
    const store = failing(memoryStore(), ['append']);
    const clock = handClock();
    const stage = await opened({ log: log.port, store: store.port, clock });
    const { fail } = which === 'log' ? log : store;
    fail(error);
    let refused: Answer | undefined;
    void stage.book(key).then((answer) => (refused = answer));
    await until(
      () => clock.advance(500),
      () => refused !== undefined,
    );
    expect(refused).toMatchObject({ status: 503, body: { code: 'not-now' } });
    expect(refused?.headers.get('retry-after')).toBe('3');
    expect(refused?.body.advice).toContain('Send the same Idempotency-Key.');
    const probe = stage.book(`${key}-probe`);
    expect((await stage.book(`${key}-next`)).status).toBe(503);
    expect(stage.gateway.status().waitsFor).toEqual([`${which}: ${error.message}`]);

    fail(null);
    const accepted = await until(
      () => {
        clock.advance(5_000);
        return stage.book(key);
      },
      ({ status }) => status === 202,
    );
    expect(accepted.status).toBe(202);
    expect([202, 503]).toContain((await probe).status);
    const { body } = await stage.book(`${key}-probe`);
    const events = await stage.published('booking');
    const ids = Map.groupBy(events, ({ correlationId }) => correlationId);
    const idsOf = (bookingId: string) => new Set(ids.get(bookingId)?.map(({ id }) => id)).size;
    expect([accepted.body.bookingId, body.bookingId].map(idsOf)).toEqual([1, 1]);
    expect(ids.size).toBe(2);
  });

  it('starts without its log, and is there when that is', async () => {
    const { port, fail } = failing(memoryLog(), ['declare', 'append', 'ends', 'committed']);
    fail(new LogUnavailable('no broker'));
    const stage = await raise({ log: port });
    const { status, body } = await stage.ask('/api/shows');
    expect([status, body.code]).toEqual([503, 'cold']);
    await until(
      () => stage.gateway.status().waitsFor,
      (waitsFor) => waitsFor.includes('log: no broker'),
    );
    expect(stage.gateway.status().waitsFor).toContain('log: no broker');
    fail(null);
    await stage.gateway.openShow(hamlet, { by: 'spec' });
    expect((await stage.book(key)).status).toBe(202);
  });

  it('stops without its log', async () => {
    const { port, fail } = failing(memoryLog(), ['declare', 'append', 'ends', 'committed']);
    fail(new LogUnavailable('no broker'));
    const stage = await raise({ log: port });
    await stage.gateway.stop({ drainMs: 50 });
    expect((await stage.ask('/api/shows')).status).toBe(503);
  });

  it('shows nothing without its store', async () => {
    const { stage, look, fail } = await beganLater();
    fail(new StoreUnavailable('no disk'));
    const unseen = await look();
    expect(unseen).toMatchObject({ status: 503, body: { code: 'not-now' } });
    expect(unseen.body.advice).not.toContain('Idempotency-Key');
    expect((await stage.book(key, adas, { Prefer: 'wait=0' })).status).toBe(202);
    fail(null);
    expect((await look()).status).toBe(200);
  });

  it('answers 500 for a fault of its own, and says nothing of it', async () => {
    const { stage, look, fail } = await beganLater();
    fail(new TypeError('secret detail'));
    const { status, text } = await look();
    expect(status).toBe(500);
    expect(text).not.toContain('secret detail');
    expect(stage.happened).toContain('failed GET /api/bookings/:bookingId: secret detail');
  });
});

describe('a gateway that began after a booking', () => {
  it('shows all of it, also when a repeated request is published once more', async () => {
    const { stage, bookingId, look } = await beganLater();
    const { body } = await stage.book(key);
    expect(body.bookingId).toBe(bookingId);
    await until(
      async () => (await stage.published('booking')).length,
      (published) => published === 2,
    );
    const seen = await until(look, ({ body: { state } }) => state === 'reserved');
    expect(seen.body.state).toBe('reserved');
  });
});

describe('the read models of a gateway', () => {
  it('are rebuilt to the same', async () => {
    const { stage, bookingId, look: lookAtBooking } = await beganLater();
    for (const type of ['seat.reserved', 'payment.received', 'seat.sold'] as const)
      await stage.says(type, { bookingId });
    const look = async () => [
      (await lookAtBooking()).body,
      (await stage.ask('/api/shows/hamlet')).body,
    ];
    const before = await until(look, ([booking]) => booking.state === 'paid');
    expect(await stage.gateway.replay()).toEqual({ bookings: 2, seats: 2 });
    expect(await look()).toEqual(before);
    expect(await stage.published('booking')).toHaveLength(1);
  });

  it('answer for what this gateway never followed', async () => {
    const [log, store] = [memoryLog(), memoryStore()];
    const first = await opened({ log, store });
    const { bookingId, token } = (await first.book(key)).body;
    for (const type of ['seat.reserved', 'payment.received', 'seat.sold'] as const)
      await first.says(type, { bookingId });
    await first.end();
    const second = await raise({ log, store });
    const { body } = await until(
      () => second.ask(`/api/bookings/${bookingId}`, { headers: bearing(token) }),
      (answer) => answer.body.state === 'paid',
    );
    expect(body.state).toBe('paid');
    const show = await until(
      () => second.ask('/api/shows/hamlet'),
      ({ text }) => text.includes('"sold"'),
    );
    expect(show.text.match(/"sold"/g)).toHaveLength(2);
  });

  it('hold no personal data', async () => {
    const store = memoryStore();
    const kept: string[] = [];
    const stage = await opened({
      store: {
        ...store,
        keep: (set, facts) => {
          kept.push(...facts.map((fact) => JSON.stringify(fact)));
          return store.keep(set, facts);
        },
      },
    });
    await stage.book(key);
    await until(
      () => kept,
      (facts) => facts.some((fact) => fact.includes('booking.requested')),
    );
    expect(kept.join()).not.toMatch(/Ada|example\.org/);
    expect(stage.happened.join()).not.toMatch(/Ada|example\.org/);
  });
});

describe('a gateway that is stopped', () => {
  it('ends what is under way', async () => {
    const log = memoryLog();
    const stage = await opened({
      log: {
        ...log,
        append: async (records) => {
          await new Promise((resolve) => setImmediate(resolve));
          return log.append(records);
        },
      },
    });
    const answers = Array.from({ length: 20 }, (_, index) =>
      stage.gateway.requestBooking(adas, { idempotencyKey: `${key}-${index}` }),
    );
    await stage.gateway.stop();
    expect(await Promise.all(answers)).toHaveLength(20);
    expect(await stage.published('booking')).toHaveLength(20);
  });

  it('takes in nothing more', async () => {
    const stage = await opened();
    await stage.gateway.stop({ drainMs: 100 });
    const { status, headers, body } = await stage.book(key);
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'not-now', '1']);
    expect(await stage.published('booking')).toEqual([]);
  });
});
