import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventType } from '@ensemble/contracts';
import { type Log, LogUnavailable, memoryLog } from '@ensemble/log';
import { memoryStore } from '@ensemble/store';
import { identityOf } from './identity.ts';
import { type Answer, bearing, hamlet, type Rehearsal, rehearse, until } from './rehearsal.ts';

const key = '8e03978e-40d5-43dd';
const later = new Date(Date.now() + 600_000).toISOString();

/** One that will die between the commit and its publishing, and one that is well. */
let dying: Rehearsal;
let well: Rehearsal;

/** A log that takes in nothing about bookings. */
const deafToBookings = (log: Log): Log => ({
  ...log,
  append: async (records) => {
    if (records.some(({ topic }) => topic === 'booking')) throw new LogUnavailable('no broker');
    await log.append(records);
  },
});

beforeEach(async () => {
  const [log, store] = [memoryLog(), memoryStore()];
  well = await rehearse({ log, store });
  await well.gateway.openShow(hamlet, { by: 'spec' });
  dying = await rehearse({ log: deafToBookings(log), store });
  await until(
    () => dying.gateway.status().waitsFor,
    ({ length }) => length === 0,
  );
});
afterEach(() => Promise.all([well.end(), dying.end()]));

const published = async (): Promise<string[]> =>
  (await well.published('booking')).map(({ type }) => type);
const look = async ({ bookingId, token }: Answer['body']): Promise<Answer['body']> =>
  (await well.ask(`/api/bookings/${bookingId}`, { headers: bearing(token) })).body;
const becomes = async (booking: Answer['body'], state: string, type: EventType, data = {}) => {
  await well.says(type, { ...data, bookingId: booking.bookingId } as never);
  const seen = await until(
    () => look(booking),
    (view) => view.state === state,
  );
  expect(seen.state).toBe(state);
};

/** Asks the one that dies of it, when the commit is stored, but not published. */
const dieOf = async (
  ask: (stage: Rehearsal) => Promise<Answer>,
  isStored: () => Promise<boolean>,
): Promise<void> => {
  const before = await published();
  const answer = ask(dying);
  expect(await until(isStored, Boolean)).toBe(true);
  await dying.gateway.stop({ drainMs: 10 });
  expect((await answer).status).toBe(503);
  expect(await published()).toEqual(before);
};

describe('a repeat of what was stored and not published', () => {
  const change =
    ({ bookingId, token }: Answer['body'], path: string, json: object) =>
    (stage: Rehearsal): Promise<Answer> =>
      stage.ask(`/api/bookings/${bookingId}/${path}`, {
        json,
        headers: { ...bearing(token), 'Idempotency-Key': key },
      });
  const isStored = (bookingId: string, commits: number) => async (): Promise<boolean> =>
    (await well.store.load(bookingId, 0)).length === commits;

  it('publishes a booking', async () => {
    const { store } = well;
    const bookingId = identityOf(await store.once('booking-secret', '')).bookingId(key);
    await dieOf((stage) => stage.book(key), isStored(bookingId, 1));
    expect((await well.book(key)).status).toBe(202);
    expect((await well.book(key)).status).toBe(202);
    expect(await published()).toEqual(['booking.requested']);
  });

  it('publishes another card, also when it comes after its time', async () => {
    const { body } = await well.book(key);
    await becomes(body, 'reserved', 'seat.reserved', { heldUntil: later });
    const give = change(body, 'card', { card: 'pm_card_mastercard' });
    await dieOf(give, isStored(body.bookingId, 2));
    await becomes(body, 'failed', 'payment.failed');
    expect((await give(well)).status).toBe(202);
    expect((await give(well)).status).toBe(202);
    expect(await published()).toEqual(['booking.requested', 'booking.card-replaced']);
  });

  it.each([
    ['is under way', 'requested', undefined],
    ['is over', 'failed', 'payment.failed'],
    ['was refused', 'refused', 'seat.refused'],
  ] as const)('publishes a withdrawal when the booking %s', async (_how, state, type) => {
    const { body } = await well.book(key);
    const withdraw = change(body, 'withdrawal', {});
    await dieOf(withdraw, isStored(body.bookingId, 2));
    if (type !== undefined) await becomes(body, state, type);
    expect((await withdraw(well)).status).toBe(202);
    expect((await withdraw(well)).status).toBe(202);
    expect(await published()).toEqual(['booking.requested', 'booking.withdrawn']);
  });
});
