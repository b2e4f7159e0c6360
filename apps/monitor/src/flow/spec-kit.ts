import { flowTopic, idOf } from '@ensemble/choreography';
import { dataSchemaOf, events, type EventType, sourceOf } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';
import { attribute, type SpanRecord } from '@ensemble/telemetry';
import { type Knowledge, knowledge, type KnowledgeOptions } from './knowledge.ts';

/** The moment at which specs begin: 2026-11-21T12:00:00.000Z. */
export const noon = Date.UTC(2026, 10, 21, 12);
/** The booking that specs are about, unless they say otherwise. */
export const ada = '5f0c9a3be2d14c7fa1b7c0d2e3f40516';
const key = 'hamlet/stalls';

const versionsOf = (types: readonly EventType[]): Record<string, number> =>
  Object.fromEntries(types.map((type) => [type, events[type].version]));

const hears = {
  seat: ['section.opened', 'booking.requested', 'payment.received', 'payment.failed'],
  payment: ['booking.requested', 'seat.reserved', 'booking.withdrawn'],
  ticket: ['booking.requested', 'payment.received'],
} satisfies Record<string, EventType[]>;
const says = {
  gateway: ['section.opened', 'booking.requested', 'booking.withdrawn'],
  seat: ['seat.reserved', 'seat.refused', 'seat.sold', 'seat.released'],
  payment: ['payment.received', 'payment.declined', 'payment.failed'],
  ticket: ['ticket.generated'],
} satisfies Record<string, EventType[]>;

/** Tables of a smaller flow than ours, as they stand on the log. */
export const tables = {
  gateway: {
    service: 'gateway',
    version: 1,
    hears: [],
    says: says.gateway,
    reads: [...says.seat, ...says.payment, ...says.ticket],
    reactions: [{ to: 'ask', by: 'command', says: says.gateway }],
    once: [{ event: 'booking.requested', per: [] }],
    versions: versionsOf(says.gateway),
  },
  seat: {
    service: 'seat',
    version: 1,
    stream: 'section',
    hears: hears.seat,
    says: says.seat,
    reactions: [
      { to: 'section.opened', by: 'event', says: ['seat.reserved', 'seat.refused'] },
      { to: 'booking.requested', by: 'event', says: ['seat.reserved', 'seat.refused'] },
      { to: 'payment.received', by: 'event', says: ['seat.sold'] },
      { to: 'payment.failed', by: 'event', says: ['seat.released'] },
    ],
    promises: [
      {
        on: 'booking.requested',
        given: ['section.opened'],
        oneOf: ['seat.reserved', 'seat.refused'],
        withinMs: 5_000,
      },
      { on: 'payment.received', oneOf: ['seat.sold'], withinMs: 5_000 },
    ],
    exclusive: [['seat.reserved', 'seat.refused']],
    versions: versionsOf([...hears.seat, ...says.seat]),
  },
  payment: {
    service: 'payment',
    version: 1,
    hears: hears.payment,
    says: says.payment,
    reactions: [{ to: 'charge', by: 'to-do', says: says.payment }],
    toDos: [
      { name: 'charge', kind: 'effect', reaches: 'payment provider' },
      { name: 'expire', kind: 'reminder' },
    ],
    promises: [
      {
        on: 'seat.reserved',
        oneOf: ['payment.received', 'payment.declined', 'payment.failed'],
        withinMs: 15_000,
      },
      {
        on: 'seat.reserved',
        oneOf: ['payment.received', 'payment.failed'],
        after: 'heldUntil',
        withinMs: 25_000,
      },
      {
        on: 'booking.withdrawn',
        given: ['seat.reserved'],
        oneOf: ['payment.failed'],
        withinMs: 15_000,
        unless: ['payment.received'],
      },
    ],
    once: [{ event: 'payment.received', per: [] }],
    versions: versionsOf([...hears.payment, ...says.payment]),
  },
  ticket: {
    service: 'ticket',
    version: 1,
    hears: hears.ticket,
    says: says.ticket,
    reactions: [{ to: 'issue', by: 'to-do', says: says.ticket }],
    toDos: [{ name: 'issue', kind: 'effect' }],
    promises: [
      {
        on: 'payment.received',
        given: ['booking.requested'],
        oneOf: ['ticket.generated'],
        withinMs: 10_000,
      },
    ],
    versions: versionsOf([...hears.ticket, ...says.ticket]),
  },
};

const offsets = new Map<string, number>();
const nextOffset = (topic: string): number => {
  const offset = offsets.get(topic) ?? 0;
  offsets.set(topic, offset + 1);
  return offset;
};

/** A table on the log. */
export const tableRecord = (table: { service: string }, at = noon - 3_600_000): LogRecord => ({
  topic: flowTopic,
  partition: 0,
  offset: nextOffset(flowTopic),
  timestamp: at,
  key: table.service,
  headers: { 'content-type': 'application/json' },
  value: Buffer.from(JSON.stringify(table)),
});

/** How an event of a spec differs from the example of its type. */
export interface Written {
  /** When the log received it, in milliseconds after noon. */
  readonly at?: number;
  readonly booking?: string;
  readonly id?: string;
  /** The record that caused it; else it is a request's or a to-do's. */
  readonly cause?: LogRecord | string;
  readonly data?: object;
  readonly by?: string;
  readonly version?: number;
}

/** An event on the log; what is not said is taken from the example of its type. */
export const said = (
  type: EventType,
  { at = 0, booking = ada, id, cause = 'request', data, by, version }: Written = {},
): LogRecord => {
  const { noun, owner, example, version: current } = events[type];
  const about = 'bookingId' in example ? booking : key;
  const place = 'bookingId' in example ? { bookingId: booking } : {};
  const offset = nextOffset(noun);
  return {
    topic: noun,
    partition: 0,
    offset,
    timestamp: noon + at,
    key,
    value: Buffer.from(JSON.stringify({ ...example, ...place, ...data })),
    headers: {
      ce_specversion: '1.0',
      ce_id: id ?? idOf('spec', type, offset),
      ce_type: type,
      ce_source: sourceOf(by ?? owner),
      ce_time: new Date(noon + at).toISOString(),
      ce_dataschema: dataSchemaOf(type, version ?? current),
      ce_correlationid: about,
      ce_causationid: typeof cause === 'string' ? cause : idIn(cause),
      ce_sequence: '1',
    },
  };
};

/** The id of the event on a record. */
export const idIn = ({ headers }: LogRecord): string => headers['ce_id'] ?? '';

/** A record of a service's dead letters. */
export const deadRecord = (service: string, record: LogRecord, reason: string): LogRecord => ({
  ...record,
  topic: `${service}.dead`,
  offset: nextOffset(`${service}.dead`),
  headers: { ...record.headers, 'x-dlq-topic': record.topic, 'x-dlq-reason': reason },
});

/** The same letter, put back for its service. */
export const redriveRecord = (dead: LogRecord): LogRecord => {
  const topic = dead.topic.replace('.dead', '.redrive');
  return {
    ...dead,
    topic,
    offset: nextOffset(topic),
    headers: {
      ...dead.headers,
      'x-redrive-of': `${dead.topic}/${dead.partition}/${dead.offset}`,
    },
  };
};

let spanCount = 0;
/** A span of the work of a service on an event. */
export const processSpan = (
  service: string,
  record: LogRecord,
  { at = 0, outcome = 'decided', waitMs = 0, workMs = 1, reason = '' } = {},
): SpanRecord => ({
  traceId: 'a'.repeat(32),
  spanId: String((spanCount += 1)).padStart(16, '0'),
  service,
  name: `process ${record.headers['ce_type']}`,
  kind: 'consumer',
  startMs: noon + at - workMs,
  endMs: noon + at,
  status: outcome === 'parked' ? 'error' : 'unset',
  attributes: {
    [attribute.messageId]: idIn(record),
    [attribute.eventType]: record.headers['ce_type'] ?? '',
    [attribute.conversationId]: record.headers['ce_correlationid'] ?? '',
    [attribute.outcome]: outcome,
    [attribute.brokerWait]: waitMs,
    [attribute.reason]: reason,
  },
  links: [],
});

/** A span of a try of a to-do. */
export const trySpan = (
  service: string,
  toDo: { name: string; id: string; reaches: string },
  { at = 0, booking = ada, failed = false, reason = '', attempt = 1 } = {},
): SpanRecord => ({
  traceId: 'a'.repeat(32),
  spanId: String((spanCount += 1)).padStart(16, '0'),
  service,
  name: `do ${toDo.name}`,
  kind: 'client',
  startMs: noon + at - 10,
  endMs: noon + at,
  status: failed ? 'error' : 'unset',
  attributes: {
    [attribute.toDo]: toDo.id,
    [attribute.toDoName]: toDo.name,
    [attribute.peer]: toDo.reaches,
    [attribute.conversationId]: booking,
    [attribute.outcome]: failed ? 'failed' : 'decided',
    [attribute.attempt]: attempt,
    [attribute.reason]: reason,
  },
  links: [],
});

/** A monitor that knows the tables, and has been told of these records. */
export const told = (
  records: readonly LogRecord[] = [],
  options: Partial<KnowledgeOptions> = {},
): Knowledge => {
  const monitor = knowledge({ secret: 'of the spec', partitions: 1, ...options });
  const opened = said('section.opened', { at: -3_600_000 });
  const all = [...Object.values(tables).map((table) => tableRecord(table)), opened, ...records];
  for (const record of all) monitor.record(record);
  monitor.tick(Math.max(...all.map(({ timestamp }) => timestamp)));
  return monitor;
};

/** The golden path, each event 100 ms after the one before. */
export const goldenPath = (booking = ada, from = 0): LogRecord[] => {
  const at = (n: number): Written => ({ at: from + n * 100, booking });
  const requested = said('booking.requested', at(0));
  const heldUntil = new Date(noon + from + 600_000).toISOString();
  const reserved = said('seat.reserved', { ...at(1), cause: requested, data: { heldUntil } });
  const charge = idOf('payment', booking, idIn(reserved), 1);
  const received = said('payment.received', { ...at(2), cause: charge });
  const sold = said('seat.sold', { ...at(3), cause: received });
  const issue = idOf('ticket', booking, idIn(received), 0);
  const generated = said('ticket.generated', { ...at(4), cause: issue });
  return [requested, reserved, received, sold, generated];
};
