import { type EventType, events, placeOf, sourceOf, writeEvent } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';
import type { ReadMail } from '@ensemble/testing/mail';
import { expect, it } from '@jest/globals';
import { audit, type Traces } from './audit.ts';

const bookingId = events['booking.requested'].example.bookingId;

/** An event of the examples' booking, as it stands on the log. */
const record = (type: EventType, sequence = 1, changes: object = {}): LogRecord => {
  const { schema, owner, example, noun } = events[type];
  const data = schema.parse({ ...example, ...changes }) as never;
  const { value, ...message } = writeEvent({
    id: `${type} ${sequence} ${JSON.stringify(changes)}`,
    type,
    source: sourceOf(owner),
    time: 1_800_000_000_000,
    version: 1,
    ...placeOf(data),
    causationId: 'customer',
    sequence,
    data,
  });
  const place = { partition: 0, offset: 0, timestamp: 1_800_000_000_000 };
  return { ...message, ...place, topic: noun, value: Buffer.from(value) };
};

const ticketed = [
  record('booking.requested'),
  record('seat.reserved'),
  record('seat.sold', 2),
  record('payment.received'),
  record('ticket.generated'),
  record('notification.sent'),
];
const charge = {
  id: 'ch_1',
  amount_captured: 9000,
  amount_refunded: 0,
  refunded: false,
  metadata: { bookingId },
};
const mail: ReadMail = {
  headers: { 'message-id': '<1@ensemble>', subject: 'Your tickets for Hamlet' },
  parts: { 'text/plain': Buffer.from(`Booking: ${bookingId}`) },
};
const traces: Traces = { charges: [charge], mails: [mail], accepted: [bookingId] };
const without = (type: EventType): LogRecord[] =>
  ticketed.filter(({ headers }) => headers['ce_type'] !== type);
const otherReceipt = record('payment.received', 1, { receipt: 'pi_other' });
const bob = 'b0b00000000000000000000000000000';

it('finds nothing in a story that went well, told twice with the same bytes', () => {
  expect(audit([...ticketed, ...ticketed], traces)).toEqual([]);
});

it.each<[string, LogRecord[], Partial<Traces>, string]>([
  ['a booking that is lost', ticketed, { accepted: [bob] }, `booking ${bob} is lost`],
  ['no end', without('ticket.generated'), {}, 'has 0 ends'],
  ['two ends', [...ticketed, record('payment.failed', 2)], {}, 'has 2 ends: failed, ticketed'],
  ['a fact twice', [...ticketed, record('ticket.generated', 2)], {}, 'has ticket.generated twice'],
  ['a charge without a ticket', without('ticket.generated'), {}, 'but 9000 of its money is held'],
  ['a ticket without money', ticketed, { charges: [] }, 'is worth 9000, but 0'],
  ['two charges', ticketed, { charges: [charge, charge] }, 'was charged 2 times'],
  ['a customer who was not told', without('notification.sent'), {}, 'was not told of ticket'],
  ['a mail that is not there', ticketed, { mails: [] }, 'got 0 of 1 mails'],
  [
    'a mail that came twice',
    ticketed,
    { mails: [mail, { ...mail, headers: { ...mail.headers, 'message-id': '<2@ensemble>' } }] },
    'got twice',
  ],
  [
    'two forms of an event',
    [...ticketed, { ...record('payment.received'), value: otherReceipt.value }],
    {},
    'has two forms',
  ],
  ['a number that is missing', without('seat.reserved'), {}, 'is numbered 2'],
  [
    'a seat that two have',
    [...ticketed, record('seat.reserved', 3, { bookingId: bob })],
    {},
    `A-12 is ${bookingId}'s and ${bob}'s`,
  ],
  [
    'seats kept without a ticket',
    [record('booking.requested'), record('seat.reserved'), record('payment.failed')],
    { charges: [] },
    'keeps seats without a ticket',
  ],
])('finds %s', (_what, records, changed, fault) => {
  expect(audit(records, { ...traces, ...changed }).join('\n')).toContain(fault);
});
