import { z } from 'zod';
import { type EventName, owners, type Noun } from './define.ts';
import { type DataOf, events, type EventType, isEventType } from './events.ts';

/**
 * CloudEvents 1.0 in Kafka's binary mode: the context attributes travel as `ce_*` headers, the
 * body is the data as JSON, the record's key is the `partitionkey`. correlationid and causationid
 * are the CloudEvents correlation extension, sequence the sequence extension, traceparent the
 * distributed tracing extension (the context in which the event was decided; it never changes).
 */
export interface Envelope<Type extends string = string> {
  readonly id: string;
  readonly type: Type;
  /** `/ensemble/<service>`: who said it. */
  readonly source: string;
  /** When it was decided, in milliseconds since 1970 UTC; ISO 8601 on the wire. */
  readonly time: number;
  /** Version of the data's schema. */
  readonly version: number;
  /** `showId/section`: the home of the section and of its bookings; the record's key. */
  readonly key: string;
  /** The booking's id; for a fact about a section its key. */
  readonly correlationId: string;
  /** The id of the event, to-do or request that caused it. */
  readonly causationId: string;
  /** Place within the events that one stream said to one topic: 1, 2, 3, … */
  readonly sequence: number;
  readonly traceparent?: string | undefined;
}

/** An event as services hear and remember it. */
export interface EventOf<Type extends EventType> extends Envelope<Type> {
  readonly data: DataOf<Type>;
}
/** Any event; `event.type` tells which. */
export type AnyEvent = { [Type in EventType]: EventOf<Type> }[EventType];

/** An event in the form in which the log holds it. */
export interface Message {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly value: string;
}

/** The largest body of an event, in bytes of UTF-8, written or read. */
export const maxBodyBytes = 16 * 1024;
/** How far ahead of the log's clock an event may claim to be, in milliseconds. */
export const maxClockSkewMs = 5 * 60_000;

/** The source attribute of a service's events. */
export const sourceOf = (service: string): string => `/ensemble/${service}`;
/** Where the schema of an event's data is named. */
export const dataSchemaOf = (type: string, version: number): string =>
  `urn:ensemble:event:${type}:v${version}`;

/** The correlation id and key of an event's data. */
export const placeOf = (data: {
  showId: string;
  section: string;
  bookingId?: string | undefined;
}): { key: string; correlationId: string } => {
  const key = `${data.showId}/${data.section}`;
  return { key, correlationId: data.bookingId ?? key };
};

/** A message that nobody can read: it goes to the dead letters at once. */
export class Unreadable extends Error {
  readonly code = 'unreadable';
  override readonly name = 'Unreadable';
}

/** What a message turned out to be. */
export type Reading =
  | { readonly kind: 'event'; readonly event: AnyEvent }
  /** A type that this version of the contracts does not know. */
  | { readonly kind: 'unknown'; readonly type: string }
  /** A known type in a newer version: a rolling upgrade is under way. */
  | { readonly kind: 'newer'; readonly envelope: Envelope };

/**
 * Writes an event.
 * @throws if the data breaks the event's schema or the body is over {@link maxBodyBytes}: a bug of
 *   the publisher, found before anything is published.
 */
export const writeEvent = (event: AnyEvent): Message => {
  const definition = events[event.type];
  const parsed = definition.schema.safeParse(event.data);
  if (!parsed.success) {
    throw new Error(`${event.type} breaks its schema: ${z.prettifyError(parsed.error)}`);
  }
  const value = JSON.stringify(parsed.data);
  const bytes = Buffer.byteLength(value);
  if (bytes > maxBodyBytes) {
    throw new Error(
      `${event.type} has a body of ${bytes} bytes, expected at most ${maxBodyBytes}: ` +
        'describe rows of seats as ranges, and leave out what no hearer needs',
    );
  }
  return {
    topic: definition.noun,
    key: event.key,
    value,
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.type,
      ce_source: event.source,
      ce_time: new Date(event.time).toISOString(),
      ce_dataschema: dataSchemaOf(event.type, definition.version),
      ce_subject: event.correlationId,
      ce_correlationid: event.correlationId,
      ce_causationid: event.causationId,
      ce_sequence: String(event.sequence),
      ...(event.traceparent === undefined ? {} : { ce_traceparent: event.traceparent }),
    },
  };
};

const id = z.string().min(1).max(200);
const headersSchema = z.object({
  ce_specversion: z.literal('1.0'),
  ce_id: id,
  ce_type: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  ce_source: id,
  ce_time: z.iso.datetime({ offset: true }),
  ce_dataschema: z.string().regex(/^urn:ensemble:event:[a-z.-]+:v[1-9][0-9]{0,5}$/),
  ce_correlationid: id,
  ce_causationid: id,
  ce_sequence: z.string().regex(/^[0-9]{1,15}$/),
  ce_traceparent: z.string().optional(),
});

const utf8 = new TextDecoder('utf-8', { fatal: true });
const parseBody = (value: Uint8Array): unknown => {
  if (value.byteLength > maxBodyBytes) {
    throw new Unreadable(
      `expected a body of at most ${maxBodyBytes} bytes, found ${value.byteLength}`,
    );
  }
  try {
    return JSON.parse(utf8.decode(value));
  } catch (cause) {
    // The parser quotes the body, which may hold personal data: its words are for the debugger.
    const what = cause instanceof SyntaxError ? 'not JSON' : 'not UTF-8';
    throw new Unreadable(`expected a body of JSON in UTF-8, found ${what}`, { cause });
  }
};

/** A record of the log as far as reading it as an event goes. */
export interface ReadableRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The log's own clock, in milliseconds since 1970 UTC. */
  readonly timestamp: number;
}

/**
 * Reads a record as an event: headers, source, body and schema. Unknown fields are dropped, an
 * unknown type and a newer version are told apart from what is broken.
 * @param noun the topic that the event must belong to; by default the record's own topic
 * @throws {@link Unreadable} saying what was expected and found
 */
export const readEvent = (record: ReadableRecord, noun: string = record.topic): Reading => {
  const parsed = headersSchema.safeParse(record.headers);
  if (!parsed.success) {
    throw new Unreadable(`the headers are not a CloudEvent's: ${z.prettifyError(parsed.error)}`);
  }
  const headers = parsed.data;
  const type = headers.ce_type as EventName;
  const found = type.slice(0, type.indexOf('.'));
  if (found !== noun) {
    throw new Unreadable(`expected an event about ${noun}, found ${type}`);
  }
  const owner = Object.hasOwn(owners, noun) ? owners[noun as Noun] : undefined;
  if (owner !== undefined && headers.ce_source !== sourceOf(owner)) {
    throw new Unreadable(
      `${type} is ${owner}'s to say: expected source ${sourceOf(owner)}, found ${headers.ce_source}`,
    );
  }
  if (!isEventType(type)) return { kind: 'unknown', type };

  const time = Date.parse(headers.ce_time);
  if (time > record.timestamp + maxClockSkewMs) {
    throw new Unreadable(
      `${type} comes from the future: expected a time up to ${maxClockSkewMs} ms after the log's ` +
        `own (${record.timestamp}), found ${headers.ce_time} (${time})`,
    );
  }
  const version = Number(headers.ce_dataschema.slice(headers.ce_dataschema.lastIndexOf(':v') + 2));
  const envelope = {
    id: headers.ce_id,
    type,
    source: headers.ce_source,
    time,
    version,
    key: record.key ?? '',
    correlationId: headers.ce_correlationid,
    causationId: headers.ce_causationid,
    sequence: Number(headers.ce_sequence),
    traceparent: headers.ce_traceparent,
  };
  const definition = events[type];
  if (version > definition.version) return { kind: 'newer', envelope };
  if (record.value === null) throw new Unreadable(`expected a body, found none: ${type}`);
  const data = definition.schema.safeParse(parseBody(record.value));
  if (!data.success) {
    throw new Unreadable(`${type} breaks its schema: ${z.prettifyError(data.error)}`);
  }
  const place = placeOf(data.data);
  if (place.key !== envelope.key || place.correlationId !== envelope.correlationId) {
    throw new Unreadable(
      `${type} is about ${place.correlationId} in ${place.key}: expected its envelope to say so, ` +
        `found ${envelope.correlationId} in ${envelope.key || 'no key'}`,
    );
  }
  return { kind: 'event', event: { ...envelope, data: data.data } as AnyEvent };
};
