import { describe, expect, it } from '@jest/globals';
import type { LogRecord } from '@ensemble/log';
import { type Declared, declarationSchema, flowOf } from './declared.ts';
import { owedTo } from './duties.ts';
import { factOf } from './fact.ts';
import { noon, said } from './spec-kit.ts';

const factsOf = (records: readonly LogRecord[]) =>
  records.flatMap((record) => factOf(record, () => 'somebody') ?? []);

/** What is owed by one promise: whether it is answered, and when it was due, after noon. */
const owed = (promise: Partial<Declared['promises'][number]>, ...records: LogRecord[]) => {
  const table = declarationSchema.parse({
    service: 'payment',
    version: 1,
    hears: [],
    says: [],
    promises: [{ on: 'seat.reserved', oneOf: ['payment.received'], withinMs: 1_000, ...promise }],
  });
  const { duties, wishes } = owedTo(factsOf(records), [], flowOf([table]));
  return {
    duties: duties.map(({ dueAt, answer }) => ({ due: dueAt - noon, answer: answer?.type })),
    missing: wishes.map(({ missing }) => missing),
  };
};

const reserved = said('seat.reserved', {
  at: 100,
  data: { heldUntil: new Date(noon + 60_000).toISOString() },
});

describe('what is owed', () => {
  it('is owed from the moment when the event is on the log, and until it is answered', () => {
    expect(owed({}, reserved).duties).toEqual([{ due: 1_100, answer: undefined }]);
    expect(owed({}, reserved, said('payment.received', { at: 900 })).duties).toEqual([
      { due: 1_100, answer: 'payment.received' },
    ]);
  });

  it('is not answered by what was said before', () => {
    const before = said('payment.received', { at: 99 });
    expect(owed({}, before, reserved).duties).toEqual([{ due: 1_100, answer: undefined }]);
  });

  it('is not owed while something is missing that nobody owes', () => {
    const given = ['booking.requested'];
    expect(owed({ given }, reserved)).toEqual({ duties: [], missing: given });
    const requested = said('booking.requested', { at: 700 });
    expect(owed({ given }, reserved, requested).duties).toEqual([
      { due: 1_700, answer: undefined },
    ]);
  });

  it('is not owed any more once it is needless, whenever that was said', () => {
    const unless = ['payment.failed'];
    expect(owed({ unless }, reserved, said('payment.failed', { at: 0 })).duties).toEqual([]);
    expect(owed({ unless }, reserved, said('payment.failed', { at: 9_000 })).duties).toEqual([]);
  });

  it('counts from a moment in the data, if it is one and to come', () => {
    expect(owed({ after: 'heldUntil' }, reserved).duties[0]?.due).toBe(61_000);
    expect(owed({ after: 'nothing' }, reserved).duties[0]?.due).toBe(1_100);
    const past = said('seat.reserved', { at: 100, data: { heldUntil: '2020-01-01T00:00:00Z' } });
    expect(owed({ after: 'heldUntil' }, past).duties[0]?.due).toBe(1_100);
  });

  it('goes by the clock of the log, whatever the clocks of the services say', () => {
    const early = {
      ...reserved,
      headers: { ...reserved.headers, ce_time: '2026-11-21T11:00:00Z' },
    };
    expect(owed({}, early).duties).toEqual([{ due: 1_100, answer: undefined }]);
  });

  it('is owed for each of many events', () => {
    const again = said('seat.reserved', { at: 500 });
    const answer = said('payment.received', { at: 300 });
    expect(owed({}, reserved, answer, again).duties).toEqual([
      { due: 1_100, answer: 'payment.received' },
      { due: 1_500, answer: undefined },
    ]);
  });
});
