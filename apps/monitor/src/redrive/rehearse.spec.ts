import { describe, expect, it } from '@jest/globals';
import { reaction, reminder, say, service, toDo } from '@ensemble/choreography';
import { type AnyEvent, events, type EventType, writeEvent } from '@ensemble/contracts';
import { noon, recordAt } from '../ledger/spec-kit.ts';
import { rehearse } from './rehearse.ts';

const place = { bookingId: 'a'.repeat(32), showId: 'hamlet', section: 'stalls' };
const recordOf = (type: EventType, offset: number) => {
  const definition = events[type];
  const event = {
    id: `${type}-${offset}`,
    type,
    source: `/ensemble/${definition.owner}`,
    time: noon,
    version: 1,
    key: 'hamlet/stalls',
    correlationId: place.bookingId,
    causationId: 'spec',
    sequence: 1,
    data: { ...definition.example, ...place },
  } as unknown as AnyEvent;
  const { topic, key, headers, value } = writeEvent(event);
  return recordAt(offset, { topic, key, headers, value: Buffer.from(value) });
};

const charge = toDo('charge')<{ amount: number }, null>({ firstMs: 1, maxMs: 1 });
const pay = reminder('pay');
/** Hears two events, and cannot decide on the third. */
const payment = service(
  'payment',
  { stream: 'booking', version: 1, initial: { heard: 0 }, does: [charge, pay] },
  {
    evolve: { 'booking.requested': ({ heard }) => ({ heard: heard + 1 }) },
    on: {
      'seat.reserved': reaction(['payment.failed'], ({ heard }) => [
        charge({ amount: heard }),
        pay(null, { at: noon + 5_000 }),
        say('payment.failed', { ...place, reason: 'declined' }),
      ]),
      'booking.withdrawn': reaction([], () => {
        throw new Error('a bug');
      }),
    },
    came: { charge: reaction([], () => []), pay: reaction([], () => []) },
  },
);

describe('a rehearsal', () => {
  it('tells what a service would say and do, and does nothing', () => {
    const records = [
      recordOf('booking.requested', 0),
      recordOf('seat.reserved', 1),
      recordOf('seat.reserved', 1),
      recordOf('ticket.generated', 2),
      recordOf('booking.withdrawn', 3),
    ];
    const first = rehearse(payment, records, { isOnLog: () => false });
    expect(first).toMatchObject({ service: 'payment', heard: 2, ignored: 1, repeated: 1 });
    expect(first.lines).toMatchObject([
      { position: 'booking/0/0', says: [], does: [], trouble: null },
      {
        position: 'seat/0/1',
        type: 'seat.reserved',
        says: [{ type: 'payment.failed', isOnLog: false }],
        does: [
          { name: 'charge', args: '{"amount":1}' },
          { name: 'pay', dueAt: noon + 5_000 },
        ],
        trouble: null,
      },
      { position: 'booking/0/3', says: [], does: [], trouble: 'a bug' },
    ]);
    const known = first.lines[1]!.says[0]!.id;
    const again = rehearse(payment, records, { isOnLog: (id) => id === known });
    expect(again.lines[1]!.says).toMatchObject([{ id: known, isOnLog: true }]);
  });

  it('says what could not be read', () => {
    const broken = { ...recordOf('seat.reserved', 0), value: Buffer.from('{') };
    const { heard, lines } = rehearse(payment, [broken], { isOnLog: () => false });
    expect(heard).toBe(0);
    expect(lines).toMatchObject([{ trouble: expect.stringContaining('not JSON') }]);
  });
});
