import { deadLetterHeaders, positionOfRecord } from '@ensemble/choreography';
import { type EventDefinition, events, isEventType } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';
import { reasonOf } from '@ensemble/telemetry';
import { z } from 'zod';
import type { RecordView } from '../views.ts';

const blotted = '███';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as text. Of a type that nobody here knows, or that is no JSON, nothing may be shown. */
const blot = (text: string, type: string): string | null => {
  if (!isEventType(type)) return null;
  const definition: EventDefinition = events[type];
  const { personal, schema } = definition;
  // What is not as declared may be anything, a name or an address too.
  const mayBeShown = (name: string, value: unknown): boolean => {
    const field = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    return field !== undefined && !personal.includes(name) && z.safeParse(field, value).success;
  };
  try {
    const body: unknown = JSON.parse(text);
    if (!isObject(body)) return null;
    const shown = Object.entries(body).map(([name, value]) => [
      name,
      mayBeShown(name, value) ? value : blotted,
    ]);
    return JSON.stringify(Object.fromEntries(shown));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

const reason = deadLetterHeaders.reason;
const ours = new Set<string>(Object.values(deadLetterHeaders));
const attributes = [
  'specversion',
  'id',
  'type',
  'source',
  'time',
  'dataschema',
  'subject',
  'correlationid',
  'causationid',
  'sequence',
  'traceparent',
];
const envelope = new Set(attributes.map((name) => `ce_${name}`));
/** Headers that say nothing of a customer: an event's envelope, its trace, and our own marks. */
const isEnvelope = (name: string): boolean =>
  envelope.has(name) || ours.has(name) || ['content-type', 'traceparent'].includes(name);

/** A reason may quote what could not be read. */
const blotHeader = (name: string, value: string): string => {
  if (name === reason) return reasonOf(value);
  return isEnvelope(name) ? value : blotted;
};
const blotHeaders = (headers: LogRecord['headers']): LogRecord['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, blotHeader(name, value)]),
  );

/**
 * A record as views show it.
 * @param isPersonalShown whether a named operator asked to see personal data
 */
export const recordView = (
  record: LogRecord,
  hash: string,
  { isPersonalShown = false }: { isPersonalShown?: boolean } = {},
): RecordView => {
  const { value, key, headers, timestamp: at } = record;
  const type = headers['ce_type'] ?? '';
  const text = value === null ? null : Buffer.from(value).toString();
  return {
    position: positionOfRecord(record),
    at,
    type,
    key,
    headers: isPersonalShown ? headers : blotHeaders(headers),
    body: text === null || isPersonalShown ? text : blot(text, type),
    hash,
  };
};
