import { describe, expect, it } from '@jest/globals';
import type { LogRecord } from '@ensemble/log';
import { noon, said, told, type Written } from './spec-kit.ts';
import type { Rule } from './rules.ts';

const idOf = (n: number): string => n.toString(16).padStart(32, '0');
const customer = (email: string) => ({ data: { customer: { name: 'Somebody', email } } });
const declines: Rule = {
  kind: 'burst',
  name: 'declines',
  event: 'payment.declined',
  by: 'customer',
  atLeast: 3,
  withinMs: 60_000,
};
const hoard: Rule = {
  kind: 'hoard',
  name: 'hoard',
  event: 'seat.reserved',
  until: ['seat.sold', 'seat.released'],
  by: 'customer',
  atLeast: 4,
};
const silence: Rule = {
  kind: 'silence',
  name: 'silence',
  event: 'seat.reserved',
  never: ['payment.received', 'payment.failed'],
  by: 'all',
  withinMs: 30_000,
};

/** A booking of a customer, and an event of it after it was asked for. */
const booking = (
  n: number,
  email: string,
  type: 'payment.declined' | 'seat.reserved',
  at: number,
  more: Written = {},
): LogRecord[] => [
  said('booking.requested', { booking: idOf(n), at: at - 10, ...customer(email) }),
  said(type, { booking: idOf(n), at, ...more }),
];

describe('insights', () => {
  it('find many events of one customer within a time, and end with it', () => {
    const monitor = told([], { rules: [declines] });
    const records = [
      ...booking(1, 'ada@example.org', 'payment.declined', 0),
      ...booking(2, 'ADA@example.org', 'payment.declined', 10_000),
      ...booking(3, 'bob@example.org', 'payment.declined', 10_000),
    ];
    for (const record of records) monitor.record(record);
    monitor.tick(noon + 15_000);
    expect(monitor.insights().insights).toEqual([]);
    for (const record of booking(4, 'ada@example.org', 'payment.declined', 20_000)) {
      monitor.record(record);
    }
    monitor.tick(noon + 20_000);
    const found = {
      rule: 'declines',
      sentence: '3 times payment.declined of one customer within 1 min 0 s.',
      since: noon + 20_000,
      endedAt: null,
      bookings: [idOf(1), idOf(2), idOf(4)],
    };
    expect(monitor.insights().insights).toEqual([found]);
    monitor.tick(noon + 61_000);
    expect(monitor.insights().insights).toEqual([{ ...found, endedAt: noon + 61_000 }]);
  });

  it('know a customer also when the request is read last, and name nobody', () => {
    const monitor = told([], { rules: [declines] });
    const records = [1, 2, 3].flatMap((n) => booking(n, 'ada@example.org', 'payment.declined', n));
    const isRequest = ({ topic }: LogRecord): boolean => topic === 'booking';
    for (const record of records.filter((each) => !isRequest(each))) monitor.record(record);
    for (const record of records.filter(isRequest)) monitor.record(record);
    monitor.tick(noon + 1_000);
    expect(monitor.insights().insights).toHaveLength(1);
    expect(JSON.stringify(monitor.insights())).not.toMatch(/ada/);
  });

  it('find seats that one customer keeps from the others, until they are sold or free', () => {
    const monitor = told([], { rules: [hoard] });
    const held = [1, 2].flatMap((n) => booking(n, 'ada@example.org', 'seat.reserved', n * 1_000));
    for (const record of held) monitor.record(record);
    monitor.tick(noon + 3_000);
    expect(monitor.insights().insights).toEqual([
      expect.objectContaining({
        sentence: 'One customer holds 4 seats in 2 bookings.',
        bookings: [idOf(1), idOf(2)],
        endedAt: null,
      }),
    ]);
    monitor.record(said('seat.released', { booking: idOf(1), at: 4_000 }));
    monitor.tick(noon + 4_000);
    expect(monitor.insights().insights[0]?.endedAt).toBe(noon + 4_000);
  });

  it('find that something does not come, until it does', () => {
    const monitor = told([], { rules: [silence] });
    for (const record of booking(1, 'ada@example.org', 'seat.reserved', 0)) monitor.record(record);
    monitor.tick(noon + 29_000);
    expect(monitor.insights().insights).toEqual([]);
    monitor.tick(noon + 31_000);
    expect(monitor.insights().insights).toEqual([
      {
        rule: 'silence',
        sentence:
          'No payment.received or payment.failed since seat.reserved of 12:00:00 UTC, for 30.0 s ' +
          'and more.',
        since: noon + 30_000,
        endedAt: null,
        bookings: [idOf(1)],
      },
    ]);
    monitor.record(said('payment.received', { booking: idOf(1), at: 32_000 }));
    monitor.tick(noon + 32_000);
    expect(monitor.insights().insights[0]?.endedAt).toBe(noon + 32_000);
  });
});
