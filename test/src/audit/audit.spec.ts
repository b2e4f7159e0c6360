import { type EventType, events, placeOf, sourceOf, writeEvent } from '@ensemble/contracts';
import { expect, it } from '@jest/globals';
import { audit, findings, report } from './audit.ts';
import type { Evidence, Kept, RawCommit, RawMail, RawRecord } from './evidence.ts';

const { bookingId } = events['booking.requested'].example;
const bob = 'b0b00000000000000000000000000000';
const section = 'hamlet/stalls';
const timestamp = 1_800_000_000_000;

/** An event of the examples' booking, as it stands on the log. */
const record = (
  type: EventType,
  { sequence = 1, cause = 'request', ...changes }: Planted = {},
): RawRecord => {
  const { schema, owner, example, noun, version } = events[type];
  const data = schema.parse({ ...example, ...changes }) as never;
  const { value, ...message } = writeEvent({
    id: `${type} ${sequence} ${JSON.stringify(changes)}`,
    type,
    source: sourceOf(owner),
    time: timestamp,
    version,
    ...placeOf(data),
    causationId: cause,
    sequence,
    data,
  });
  return { ...message, topic: noun, partition: 0, offset: 0, timestamp, value: Buffer.from(value) };
};
interface Planted {
  readonly sequence?: number;
  readonly cause?: string;
  readonly [field: string]: unknown;
}

const idOf = ({ headers }: RawRecord): string => headers['ce_id'] ?? '';

const opened = record('section.opened');
const requested = record('booking.requested');
const reserved = record('seat.reserved', { cause: idOf(requested) });
const received = record('payment.received', { cause: 'to-do' });
const sold = record('seat.sold', { sequence: 2, cause: idOf(received) });
const ticket = record('ticket.generated', { cause: idOf(received) });
const sent = record('notification.sent', { cause: idOf(ticket) });
const ticketed = [opened, requested, reserved, sold, received, ticket, sent];
const tables = [
  { service: 'seat', hears: ['section.opened', 'booking.requested', 'payment.received'] },
  { service: 'payment', hears: ['seat.reserved'] },
].map((table): RawRecord => ({
  topic: 'flow',
  partition: 0,
  offset: 0,
  timestamp,
  key: table.service,
  headers: {},
  value: Buffer.from(JSON.stringify(table)),
}));

const commit = (
  service: string,
  stream: string,
  version: number,
  cause: string,
  says: readonly RawRecord[] = [],
  more: Partial<RawCommit['body']> = {},
): RawCommit => ({
  service,
  stream,
  version,
  cause,
  body: {
    position: null,
    says: says.map(({ topic, key, headers, value }) => ({
      topic,
      key: key ?? '',
      headers,
      value: Buffer.from(value ?? []).toString(),
    })),
    does: [],
    withdraws: [],
    settled: 0,
    ...more,
  },
});
const charging = commit('payment', bookingId, 1, idOf(reserved), [], {
  does: [{ id: 'to-do', name: 'confirm' }],
});
const commits = [
  commit('gateway', section, 1, 'request', [opened]),
  commit('gateway', bookingId, 1, 'request', [requested]),
  commit('seat', section, 1, idOf(opened)),
  commit('seat', section, 2, idOf(requested), [reserved]),
  commit('seat', section, 3, idOf(received), [sold], { settled: 2 }),
  charging,
  commit('payment', bookingId, 2, 'to-do', [received]),
  commit('ticket', bookingId, 1, idOf(received), [ticket]),
  commit('notification', bookingId, 1, idOf(ticket), [sent]),
];
const facts: Kept['facts'] = [
  ...ticketed
    .filter((each) => each !== opened)
    .map((each) => ({ set: 'bookings.v1', document: bookingId, id: idOf(each) })),
  ...[opened, reserved, sold].map((each) => ({
    set: 'seats.v1',
    document: section,
    id: idOf(each),
  })),
];
const kept: Kept = { commits, facts, parked: { seat: 0 } };
const charge = { amount_captured: 9000, amount_refunded: 0, metadata: { bookingId } };
const mail: RawMail = {
  headers: { 'message-id': '<1@ensemble>', subject: 'Your tickets for Hamlet' },
  parts: { 'text/plain': Buffer.from(`Booking: ${bookingId}`) },
};
const well: Evidence = {
  records: [...tables, ...ticketed, ...ticketed],
  charges: [charge],
  mails: [mail],
  accepted: [{ key: 'k', bookingId }],
  kept,
};

const withRecords = (...records: readonly RawRecord[]): Partial<Evidence> => ({
  records: [...well.records, ...records],
});
const without = (...types: readonly EventType[]): Partial<Evidence> => ({
  records: well.records.filter(({ headers }) => !types.some((type) => type === headers['ce_type'])),
});
const keeping = (change: Partial<Kept>): Partial<Evidence> => ({ kept: { ...kept, ...change } });
const otherReceipt = record('payment.received', { cause: 'to-do', receipt: 'pi_other' });
const dead: RawRecord = { ...requested, topic: 'seat.dead', headers: { 'x-dlq-reason': 'why' } };

it('finds nothing in a story that went well, told twice with the same bytes', () => {
  expect(audit(well)).toEqual([]);
});

it('says what it has looked at', () => {
  const lines = report(findings(well));
  expect(lines).toContain('✓       7 events, in 14 records');
  expect(lines).toContain('✓       9 commits, in 6 streams');
});

it.each<[string, Partial<Evidence>, string]>([
  ['a booking that is lost', { accepted: [{ key: 'k', bookingId: bob }] }, `${bob} is lost`],
  [
    'a request that became two bookings',
    { accepted: [bookingId, bob].map((id) => ({ key: 'k', bookingId: id })) },
    'request k became the bookings',
  ],
  [
    'a booking that answers two requests',
    { accepted: ['k', 'l'].map((key) => ({ key, bookingId })) },
    'stands for several requests',
  ],
  ['no end', without('ticket.generated'), 'has 0 ends'],
  ['two ends', withRecords(record('payment.failed', { sequence: 2 })), '2 ends: failed, ticketed'],
  [
    'a fact twice',
    withRecords(record('ticket.generated', { sequence: 2 })),
    'has ticket.generated twice',
  ],
  [
    'somebody who came in twice',
    withRecords(
      record('ticket.admitted', { sequence: 2 }),
      record('ticket.admitted', { sequence: 3 }),
    ),
    'came in twice on A-12',
  ],
  [
    'somebody who came in on a ticket that was revoked',
    withRecords(
      record('ticket.revoked', { sequence: 2 }),
      record('ticket.admitted', { sequence: 3 }),
    ),
    'came in on A-12 without a valid ticket',
  ],
  ['a charge without a ticket', without('ticket.generated'), 'but 9000 of its money is held'],
  ['a ticket without money', { charges: [] }, 'is worth 9000, but 0'],
  ['two charges', { charges: [charge, charge] }, 'was charged 2 times'],
  [
    'a charge for nobody',
    { charges: [charge, { ...charge, metadata: { bookingId: bob } }] },
    `${bob} was charged, and is not on the log`,
  ],
  ['a customer who was not told', without('notification.sent'), 'was not told of ticket'],
  [
    'that, where mails are not known',
    { ...without('notification.sent'), mails: undefined },
    'told',
  ],
  ['a mail that is not there', { mails: [] }, 'got 0 of 1 mails'],
  [
    'a mail that came twice',
    { mails: [mail, { ...mail, headers: { ...mail.headers, 'message-id': '<2@ensemble>' } }] },
    'got twice',
  ],
  ['two forms of an event', withRecords({ ...received, value: otherReceipt.value }), 'two forms'],
  [
    'an event that breaks its schema',
    withRecords({ ...sent, value: Buffer.from('{"showId":"hamlet","section":"stalls"}') }),
    'breaks its schema',
  ],
  ['an event that is not JSON', withRecords({ ...sent, value: Buffer.from('{') }), 'JSON'],
  [
    'an event that another one said',
    withRecords({ ...sent, headers: { ...sent.headers, ce_source: '/ensemble/seat' } }),
    'is said by /ensemble/seat',
  ],
  [
    'an event of a time to come',
    withRecords({ ...sent, headers: { ...sent.headers, ce_time: '2999-01-01T00:00:00.000Z' } }),
    'is of 2999',
  ],
  ['an event without headers', withRecords({ ...sent, headers: {} }), 'has no header ce_type'],
  [
    'a key that is not the place',
    withRecords({ ...sent, key: 'else/where' }),
    'is keyed else/where',
  ],
  [
    'two homes',
    { records: [...tables, ...ticketed.slice(0, -1), { ...sent, partition: 1 }] },
    'is in partitions',
  ],
  ['a number that is missing', without('seat.reserved'), 'is numbered 2'],
  [
    'a seat that two have',
    withRecords(record('seat.reserved', { sequence: 3, bookingId: bob })),
    `A-12 is ${bookingId}'s and ${bob}'s`,
  ],
  ['a seat that nobody opened', without('section.opened'), 'was never opened'],
  [
    'two valid tickets',
    withRecords(record('ticket.generated', { bookingId: bob })),
    'has 2 valid tickets',
  ],
  ['seats kept without a ticket', without('ticket.generated'), 'keeps seats without a ticket'],
  ['a dead letter', withRecords(dead), 'seat.dead/0/0 is dead: why'],
  [
    'a version that is missing',
    keeping({ commits: commits.filter((each) => each !== charging) }),
    `payment's ${bookingId} has the versions 2`,
  ],
  [
    'an input that was decided twice',
    keeping({ commits: [...commits, commit('seat', section, 4, idOf(requested))] }),
    'decided booking.requested 1 {} twice',
  ],
  ['an event that was not published', without('notification.sent'), 'is not on notification'],
  [
    'other bytes on the log than in the commit',
    {
      records: well.records.map((each) =>
        each === received ? { ...received, value: otherReceipt.value } : each,
      ),
    },
    'is another one on the log',
  ],
  [
    'an event that no commit says',
    keeping({ commits: commits.filter(({ service }) => service !== 'notification') }),
    'notification.sent at notification/0/0 is said by no commit',
  ],
  [
    'an event that was not heard',
    keeping({ commits: commits.filter(({ version }) => version !== 3) }),
    'seat never decided payment.received',
  ],
  [
    'a commit without a cause',
    keeping({ commits: [...commits, commit('ticket', bob, 1, 'out of nowhere')] }),
    'has no cause that is known',
  ],
  [
    'a to-do that is still open',
    keeping({
      commits: [
        ...commits,
        commit('payment', bob, 1, idOf(requested), [], { does: [{ id: 'x', name: 'refund' }] }),
      ],
    }),
    'refund x of',
  ],
  ['parked inputs', keeping({ parked: { seat: 2 } }), 'seat has 2 parked inputs'],
  ['a fact that is missing', keeping({ facts: facts.slice(1) }), 'bookings.v1 misses'],
  [
    'a fact that never was',
    keeping({ facts: [...facts, { set: 'seats.v1', document: section, id: 'x' }] }),
    'seats.v1 made up',
  ],
  ['a read model that is gone', keeping({ facts: facts.slice(-3) }), 'bookings is not there'],
])('finds %s', (_what, changed, fault) => {
  const found = audit({ ...well, ...changed });
  expect(found).not.toEqual([]);
  expect(found.join('\n')).toContain(fault);
});

it('takes strange records and dead letters for what they are where some were sent', () => {
  const strange = { ...requested, headers: {} };
  expect(audit({ ...well, ...withRecords(dead, strange), hostile: true })).toEqual([]);
});
