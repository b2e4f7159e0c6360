import { positionOfRecord } from '@ensemble/choreography';
import {
  type AnyEvent,
  type Envelope,
  events,
  type EventType,
  type Money,
  readEvent,
  type Reading,
  Unreadable,
} from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';

/** An event as the monitor remembers it: its envelope, where it stands, and what views show. */
export interface Fact extends Envelope {
  /** Who said it. */
  readonly service: string;
  /** When the log received it, in milliseconds since 1970 UTC: one clock for all services. */
  readonly at: number;
  /** `topic/partition/offset`. */
  readonly position: string;
  /** Null for a fact about a section. */
  readonly bookingId: string | null;
  /** The trace in which it was decided. */
  readonly traceId: string | undefined;
  readonly seats: readonly string[];
  readonly money: Money | null;
  /** What else it says in one word or number, by field; nothing personal. */
  readonly fields: Readonly<Record<string, string>>;
  /** Tells one customer from another, and names nobody. */
  readonly customer: string | null;
}

/** Turns something personal into a pseudonym that nobody can undo. */
export type Disguise = (text: string) => string;

const longestField = 200;

const seatsIn = ({ data }: AnyEvent): string[] =>
  'seats' in data ? data.seats.map((each) => (typeof each === 'string' ? each : each.seat)) : [];

const moneyIn = ({ data }: AnyEvent): Money | null => {
  if ('total' in data) return data.total;
  if ('amount' in data) return data.amount;
  return 'owed' in data ? data.owed : null;
};

const fieldsIn = ({ type, data }: AnyEvent): Record<string, string> => {
  const personal: readonly string[] = events[type].personal;
  const said = Object.entries(data).flatMap(([name, value]): [string, string][] => {
    const isOne = typeof value === 'string' || typeof value === 'number';
    if (!isOne || personal.includes(name)) return [];
    const text = String(value);
    return text.length > longestField ? [] : [[name, text]];
  });
  return Object.fromEntries(said);
};

const customerOf = (event: AnyEvent, disguise: Disguise): string | null =>
  event.type === 'booking.requested'
    ? disguise(event.data.customer.email.trim().toLowerCase())
    : null;

/** The envelope of an event whose type nobody here knows; its headers are those of an event. */
const strangerOf = ({ headers, key }: LogRecord): Envelope => ({
  id: headers['ce_id'] ?? '',
  type: headers['ce_type'] ?? '',
  source: headers['ce_source'] ?? '',
  time: Date.parse(headers['ce_time'] ?? ''),
  version: Number(headers['ce_dataschema']?.split(':v').at(-1)),
  key: key ?? '',
  correlationId: headers['ce_correlationid'] ?? '',
  causationId: headers['ce_causationid'] ?? '',
  sequence: Number(headers['ce_sequence']),
  traceparent: headers['ce_traceparent'],
});

const read = (record: LogRecord): Reading | undefined => {
  try {
    return readEvent(record);
  } catch (error) {
    // Whoever hears it puts it to the dead letters, and there it is looked at.
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
};

/** What a record says; undefined if it is not an event that anybody could read. */
export const factOf = (record: LogRecord, disguise: Disguise): Fact | undefined => {
  const reading = read(record);
  if (reading === undefined) return undefined;
  const event = reading.kind === 'event' ? reading.event : undefined;
  const envelope = event ?? (reading.kind === 'newer' ? reading.envelope : strangerOf(record));
  const { id, type, source, time, version, key, correlationId, causationId, sequence } = envelope;
  return {
    id,
    type,
    source,
    time,
    version,
    key,
    correlationId,
    causationId,
    sequence,
    traceparent: envelope.traceparent,
    service: source.slice(source.lastIndexOf('/') + 1),
    at: record.timestamp,
    position: positionOfRecord(record),
    bookingId: correlationId === key ? null : correlationId,
    traceId: envelope.traceparent?.slice(3, 35),
    seats: event === undefined ? [] : seatsIn(event),
    money: event === undefined ? null : moneyIn(event),
    fields: event === undefined ? {} : fieldsIn(event),
    customer: event === undefined ? null : customerOf(event, disguise),
  };
};

/** How many of these facts are of a type. */
export const countIn =
  (facts: readonly Fact[]) =>
  (type: EventType): number =>
    facts.reduce((count, fact) => (fact.type === type ? count + 1 : count), 0);
