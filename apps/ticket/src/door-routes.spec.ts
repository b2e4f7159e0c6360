import { renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { memoryStore, type Store, StoreUnavailable } from '@ensemble/store';
import { type DoorStage, doorStage, stewards } from './door-kit.ts';

const south = stewards.get('south-door') ?? '';
const key = '8e03978e-40d5-43dd';
const show = { title: 'Hamlet', venue: 'Globe', startsAt: '2027-03-01T19:30:00.000Z' };

let isAway = false;
const flaky = (store: Store): Store => ({
  ...store,
  append: (run) =>
    isAway ? Promise.reject(new StoreUnavailable('away', new Error('away'))) : store.append(run),
});
let stage: DoorStage;
beforeAll(async () => {
  stage = await doorStage(flaky(memoryStore()));
});
afterAll(() => stage.end());

/** Somebody with a ticket for these seats; resolves to the codes, by seat. */
const sold = async (...seats: string[]) => {
  const { bookingId, code, seats: codes } = await stage.sells(seats);
  return { bookingId, code, codes: codes.map((each) => each.code) };
};

describe('a door', () => {
  it('lets in on a seat and says where it is', async () => {
    const { bookingId, codes } = await sold('A-12', 'A-13');
    const { status, body, headers } = await stage.asks({ code: codes[0] });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      bookingId,
      showId: 'hamlet',
      show,
      startsAt: show.startsAt,
      section: 'stalls',
      seats: ['A-12'],
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      by: 'north-door',
      offline: false,
      before: [],
    });
    const [said] = await stage.hears('ticket.admitted', bookingId, 1);
    expect(said?.data).toMatchObject({ seats: ['A-12'], by: 'north-door', at: body.at });
  });

  it('lets nobody in twice, and says when and where the first came', async () => {
    const { codes } = await sold('A-1');
    const { body: first } = await stage.asks({ code: codes[0] });
    const { status, body } = await stage.asks({ code: codes[0] }, { door: 1, token: south });
    expect([status, body.code]).toEqual([409, 'already-admitted']);
    expect(body.admitted).toEqual([{ seat: 'A-1', at: first.at, by: 'north-door' }]);
    expect(body).toMatchObject({ show, section: 'stalls', seats: ['A-1'] });
  });

  it('lets one in when many come at once, at two instances', async () => {
    const { bookingId, codes } = await sold('A-2');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => stage.asks({ code: codes[0] }, { door: n % 2 })),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
    expect(await stage.hears('ticket.admitted', bookingId, 1)).toHaveLength(1);
  });

  it('answers the same request with the same, at every instance', async () => {
    const { codes } = await sold('A-3');
    const first = await stage.asks({ code: codes[0] }, { key });
    const again = await stage.asks({ code: codes[0] }, { key, door: 1 });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    const other = await stage.asks({ code: codes[0] }, { key, token: south });
    expect([other.status, other.body.code]).toEqual([422, 'key-reused']);
  });

  it('takes the code of a booking for all its seats that are left', async () => {
    const { code, codes } = await sold('A-4', 'A-5', 'A-6');
    await stage.asks({ code: codes[1] }, { token: south });
    const { status, body } = await stage.asks({ code });
    expect([status, body.seats]).toEqual([200, ['A-4', 'A-6']]);
    expect(body.before).toEqual([expect.objectContaining({ seat: 'A-5', by: 'south-door' })]);
    expect((await stage.asks({ code })).body.admitted).toHaveLength(3);
  });

  it('knows a ticket whose money went back', async () => {
    const { bookingId, codes } = await sold('A-7');
    await stage.says('payment.refunded', { bookingId });
    await stage.hears('ticket.revoked', bookingId, 1);
    const { status, body } = await stage.asks({ code: codes[0] }, { door: 1 });
    expect([status, body.code, body.admitted]).toEqual([409, 'revoked', []]);
  });

  it('knows what is no ticket of ours', async () => {
    const { codes } = await sold('A-8');
    const [text, signature = ''] = codes[0]?.split('.') ?? [];
    const forged = `${text}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
    for (const code of [forged, 'rubbish', `${text}`]) {
      const { status, body } = await stage.asks({ code });
      expect([status, body.code]).toEqual([422, 'not-a-ticket']);
    }
    expect((await stage.asks({ code: codes[0] })).status).toBe(200);
  });

  it('lets in for its own show only, if it has one, and spends no ticket for another', async () => {
    const { codes } = await sold('A-9');
    const { status, body } = await stage.asks({ code: codes[0], showId: 'macbeth' });
    expect([status, body.code, body.showId]).toEqual([409, 'other-show', 'hamlet']);
    expect((await stage.asks({ code: codes[0], showId: 'hamlet' })).status).toBe(200);
  });

  it('tells of those whom it let in while it could not ask', async () => {
    const { bookingId, codes } = await sold('A-10');
    const at = new Date(Date.now() - 600_000).toISOString();
    const { status, body } = await stage.asks({ code: codes[0], at });
    expect([status, body.at, body.offline]).toEqual([200, at, true]);
    const [said] = await stage.hears('ticket.admitted', bookingId, 1);
    expect(said?.data).toMatchObject({ at, offline: true });
    const second = await stage.asks({ code: codes[0], at }, { token: south });
    expect([second.status, second.body.admitted]).toEqual([
      409,
      [{ seat: 'A-10', at, by: 'north-door' }],
    ]);
  });

  it('takes a moment neither from long ago nor from the future', async () => {
    const { codes } = await sold('A-11', 'A-12');
    const long = new Date(Date.now() - 90_000_000).toISOString();
    const { status, body } = await stage.asks({ code: codes[0], at: long });
    expect([status, body.errors]).toEqual([
      400,
      [{ pointer: '/at', detail: 'expected a moment of the last 24 hours' }],
    ]);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const { at } = (await stage.asks({ code: codes[0], at: soon })).body;
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now());
  });
});

describe('a door that is not asked as it should be', () => {
  it.each([
    ['by nobody', { code: 'x' }, { token: 'of-nobody' }, 401, 'stewards-only'],
    ['without a code', {}, {}, 400, 'invalid'],
    ['with what it does not know', { code: 'x', name: 'Ada' }, {}, 400, 'invalid'],
    ['with an odd key', { code: 'x' }, { key: 'short' }, 400, 'idempotency-key'],
    ['with too much', { code: 'x'.repeat(20_000) }, {}, 413, 'too-large'],
  ])('%s', async (_how, json, sent, status, code) => {
    const answer = await stage.asks(json, sent);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  });
});

describe('a door whose store or key is away', () => {
  it('lets nobody in whom it cannot check', async () => {
    const { codes } = await sold('A-15');
    renameSync(stage.keyFile, `${stage.keyFile}.away`);
    const { status, body } = await stage.asks({ code: codes[0] });
    renameSync(`${stage.keyFile}.away`, stage.keyFile);
    expect([status, body.code]).toEqual([503, 'not-now']);
    expect((await stage.asks({ code: codes[0] })).status).toBe(200);
    expect(stage.failures).toEqual([]);
  });

  it('says so in time, and the same request lets in once it is back', async () => {
    const { bookingId, codes } = await sold('A-14');
    isAway = true;
    const { status, body, headers } = await stage.asks({ code: codes[0] }, { key });
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'not-now', '3']);
    isAway = false;
    expect((await stage.asks({ code: codes[0] }, { key, door: 1 })).status).toBe(200);
    expect(await stage.hears('ticket.admitted', bookingId, 1)).toHaveLength(1);
  });
});
