import { describe, expect, it } from '@jest/globals';
import type { Suspect } from '../views.ts';
import type { Knowledge } from './knowledge.ts';
import {
  ada,
  deadRecord,
  goldenPath,
  noon,
  processSpan,
  redriveRecord,
  said,
  told,
  trySpan,
} from './spec-kit.ts';

const bob = 'b'.repeat(32);
const at = (ms: number): number => noon + ms;

const suspectsOf = (monitor: Knowledge): Suspect[] =>
  monitor.stuck().groups.map(({ suspect }) => suspect);
const isStuck = (monitor: Knowledge, booking = ada): boolean =>
  monitor
    .stuck()
    .groups.some(({ bookings }) => bookings.some(({ bookingId }) => bookingId === booking));

/** A booking that was asked for at noon, and nothing came of it. */
const unanswered = (): { monitor: Knowledge; requested: ReturnType<typeof said> } => {
  const requested = said('booking.requested');
  return { monitor: told([requested]), requested };
};
/** A booking that is reserved at noon until ten minutes later, and not paid for. */
const unpaid = (): { monitor: Knowledge; reserved: ReturnType<typeof said> } => {
  const [requested, reserved] = goldenPath(ada, -100);
  return { monitor: told([requested!, reserved!]), reserved: reserved! };
};

describe('the stuck board', () => {
  it('names a booking within a second after its deadline, with owner, step and money', () => {
    const { monitor, reserved } = unpaid();
    monitor.tick(at(15_000));
    expect(monitor.stuck().groups).toEqual([]);
    monitor.tick(at(16_000));
    const money = { amount: 9000, currency: 'EUR' };
    expect(monitor.stuck()).toEqual({
      at: at(16_000),
      groups: [
        {
          owner: 'payment',
          on: 'seat.reserved',
          oneOf: ['payment.received', 'payment.declined', 'payment.failed'],
          suspect: 'unknown',
          evidence: 'payment has heard everything, and nothing that failed is known.',
          bookings: [
            {
              bookingId: ada,
              since: reserved.timestamp,
              overdueSince: at(15_000),
              total: money,
            },
          ],
          money: [money],
        },
      ],
    });
    expect(monitor.map().totals).toMatchObject({ stuck: 1, waiting: { reserved: [money] } });
  });

  it('lets go of it when the answer comes', () => {
    const { monitor } = unpaid();
    monitor.tick(at(16_000));
    monitor.record(said('payment.failed', { at: 16_500 }));
    monitor.tick(at(17_000));
    expect(suspectsOf(monitor)).toEqual([]);
  });

  it('knows what began before the monitor did: what matters is the log', () => {
    const requested = said('booking.requested', { at: -7_200_000 });
    const monitor = told([requested]);
    monitor.tick(at(0));
    expect(monitor.stuck().groups[0]?.bookings).toEqual([
      expect.objectContaining({ overdueSince: at(-3_600_000 + 5_000) }),
    ]);
  });

  it('suspects a consumer that is gone', () => {
    const { monitor } = unanswered();
    monitor.groups(new Map([['seat', { lag: 1, standsSince: at(0) }]]));
    monitor.tick(at(6_000));
    expect(suspectsOf(monitor)).toEqual(['consumer gone']);
    expect(monitor.stuck().groups[0]?.evidence).toBe(
      '1 records wait for seat, which has acknowledged nothing for 6.0 s.',
    );
  });

  it('suspects a lag where a consumer is behind and moves', () => {
    const { monitor } = unanswered();
    monitor.groups(new Map([['seat', { lag: 900, standsSince: null }]]));
    monitor.tick(at(6_000));
    expect(suspectsOf(monitor)).toEqual(['lag']);
  });

  it('suspects what is parked, until it is taken up again', () => {
    const { monitor, requested } = unanswered();
    const span = processSpan('seat', requested, { at: 10, outcome: 'parked', reason: 'a bug' });
    monitor.span(span);
    monitor.tick(at(6_000));
    expect(suspectsOf(monitor)).toEqual(['parked']);
    expect(monitor.map().services).toContainEqual(
      expect.objectContaining({ name: 'seat', parked: 1 }),
    );
    monitor.span(processSpan('seat', requested, { at: 6_500 }));
    monitor.span(span);
    monitor.tick(at(7_000));
    expect(suspectsOf(monitor)).toEqual(['unknown']);
  });

  it('suspects a dead letter, until it is put back or discarded, whichever is heard first', () => {
    for (const how of ['redriven', 'redriven early', 'discarded']) {
      const { monitor, requested } = unanswered();
      const dead = deadRecord('seat', requested, 'a bug');
      if (how === 'redriven early') monitor.record(redriveRecord(dead));
      monitor.record(dead);
      monitor.tick(at(6_000));
      if (how !== 'redriven early') {
        expect(suspectsOf(monitor)).toEqual(['dead letter']);
        expect(monitor.map().services).toContainEqual(
          expect.objectContaining({ name: 'seat', dead: 1 }),
        );
      }
      if (how === 'redriven') monitor.record(redriveRecord(dead));
      if (how === 'discarded') monitor.discarded(`seat.dead/0/${dead.offset}`);
      expect(suspectsOf(monitor)).toEqual(['unknown']);
    }
  });

  it('suspects the provider where a to-do that reaches it failed, until it is done', () => {
    const { monitor } = unpaid();
    const charge = { name: 'charge', id: 'c'.repeat(32), reaches: 'payment provider' };
    monitor.span(trySpan('payment', charge, { at: 1_000, failed: true, reason: 'no answer' }));
    monitor.groups(new Map([['payment', { lag: 2, standsSince: null }]]));
    monitor.tick(at(16_000));
    expect(monitor.stuck().groups).toEqual([
      expect.objectContaining({
        suspect: 'provider down',
        evidence: 'The payment provider did not do it at 12:00:01 UTC: no answer',
      }),
    ]);
    monitor.groups(new Map());
    monitor.span(trySpan('payment', charge, { at: 17_000 }));
    monitor.tick(at(17_000));
    expect(suspectsOf(monitor)).toEqual(['unknown']);
  });

  it('suspects a reminder that did not fire when its moment is over', () => {
    const { monitor, reserved } = unpaid();
    monitor.record(said('payment.declined', { at: 500, cause: 'a to-do' }));
    const held = reserved.timestamp + 600_000 - 100;
    monitor.tick(held + 25_000);
    expect(suspectsOf(monitor)).toEqual([]);
    monitor.tick(held + 26_000);
    expect(suspectsOf(monitor)).toEqual(['reminder not fired']);
  });

  it('puts bookings together that are stuck at the same step for the same reason', () => {
    const records = [ada, bob].map((booking) => said('booking.requested', { booking }));
    const monitor = told(records);
    monitor.tick(at(6_000));
    expect(monitor.stuck().groups.map(({ bookings }) => bookings.length)).toEqual([2]);
    expect([isStuck(monitor, ada), isStuck(monitor, bob)]).toEqual([true, true]);
  });

  it('shows how it was at an earlier moment', () => {
    const { monitor } = unanswered();
    monitor.record(said('seat.refused', { at: 60_000 }));
    monitor.tick(at(120_000));
    expect(monitor.stuck().groups).toEqual([]);
    expect(monitor.stuck(at(30_000)).groups).toHaveLength(1);
    expect(monitor.stuck(at(3_000)).groups).toEqual([]);
    expect(monitor.map(at(30_000)).totals).toMatchObject({ byState: { requested: 1 }, stuck: 1 });
    expect(monitor.map().totals).toMatchObject({ byState: { refused: 1 }, stuck: 0 });
  });
});
