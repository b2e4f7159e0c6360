import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RawRecord } from './evidence.ts';

/** Who says what: the auditor's own list. */
export const owners: Readonly<Record<string, string>> = {
  section: 'gateway',
  booking: 'gateway',
  seat: 'seat',
  payment: 'payment',
  ticket: 'ticket',
  notification: 'notification',
};

/** An event as the auditor reads it. */
export interface Said {
  readonly id: string;
  readonly type: string;
  readonly noun: string;
  /** `showId/section`. */
  readonly key: string;
  /** Of the booking; of a section its key. */
  readonly about: string;
  readonly cause: string;
  readonly sequence: number;
  readonly data: Data;
  readonly record: RawRecord;
}

/** What is looked at in the bodies of events. */
export interface Data {
  readonly showId: string;
  readonly section: string;
  readonly bookingId?: string;
  readonly seats?: readonly (string | { readonly seat: string })[];
  readonly rows?: readonly { readonly row: string; readonly from: number; readonly to: number }[];
  readonly total?: { readonly amount: number };
  readonly about?: string;
  /** The request for a copy that it answers. */
  readonly copy?: string;
}

/** The names of the seats that an event is about. */
export const seatsOf = ({ data: { seats = [] } }: Said): string[] =>
  seats.map((seat) => (typeof seat === 'string' ? seat : seat.seat));

const folder = join(import.meta.dirname, '../../../contracts/history');

/** The published schema of every type of event, by `<type>:v<version>`. */
const schemas: ReadonlyMap<string, z.ZodType> = new Map(
  readdirSync(folder).flatMap((type) =>
    readdirSync(join(folder, type)).map((file) => {
      const schema = JSON.parse(
        readFileSync(join(folder, type, file), 'utf8'),
      ) as z.core.JSONSchema.JSONSchema;
      return [`${type}:${file.replace('.json', '')}`, z.fromJSONSchema(schema)] as const;
    }),
  ),
);

/** How far ahead of the log's clock an event may be, in milliseconds. */
const skewMs = 5 * 60_000;

/** Whether a record is on a topic of events, whatever it is. */
export const isAmongEvents = ({ topic }: RawRecord): boolean => Object.hasOwn(owners, topic);

/** Reads a record of a topic of events; what is wrong with it is thrown, in words. */
export const readSaid = (record: RawRecord): Said => {
  const { topic, headers, key, value } = record;
  const header = (name: string): string => {
    const found = headers[name];
    if (found === undefined) throw new Error(`has no header ${name}`);
    return found;
  };
  const type = header('ce_type');
  const source = header('ce_source');
  if (type.split('.', 1)[0] !== topic) throw new Error(`${type} is on ${topic}`);
  if (source !== `/ensemble/${owners[topic]}`) throw new Error(`${type} is said by ${source}`);
  const time = Date.parse(header('ce_time'));
  if (!(time <= record.timestamp + skewMs)) throw new Error(`${type} is of ${header('ce_time')}`);
  const [, name = ''] = /^urn:ensemble:event:(.+)$/.exec(header('ce_dataschema')) ?? [];
  const schema = schemas.get(name);
  if (schema === undefined || !name.startsWith(`${type}:`)) throw new Error(`${type} is a ${name}`);
  const json: unknown = JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(value)),
  );
  const { error } = schema.safeParse(json);
  if (error) throw new Error(`${type} breaks its schema: ${z.prettifyError(error)}`);
  const data = json as Data;
  const place = `${data.showId}/${data.section}`;
  const said = {
    id: header('ce_id'),
    type,
    noun: topic,
    key: place,
    about: data.bookingId ?? place,
    cause: header('ce_causationid'),
    sequence: Number(header('ce_sequence')),
    data,
    record,
  };
  if (key !== place) throw new Error(`${type} of ${place} is keyed ${key}`);
  const correlation = header('ce_correlationid');
  if (correlation !== said.about) throw new Error(`${type} of ${said.about} names ${correlation}`);
  if (!(said.sequence >= 1)) throw new Error(`${type} is numbered ${said.sequence}`);
  return said;
};

const bytesOf = (value: Uint8Array | null): Uint8Array => {
  if (value === null) throw new Error('has no body');
  return value;
};
