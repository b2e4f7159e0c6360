import { isEventType, type Reading, readEvent, Unreadable } from '@ensemble/contracts';
import type { LogRecord, NewRecord } from '@ensemble/log';
import type { Json } from '@ensemble/store';
import { z } from 'zod';
import type { Answered, Input } from './input.ts';
import type { Service } from './service.ts';

/** An input in the form in which it travels: a record of the log, or what came of a to-do. */
export type Letter =
  | { readonly kind: 'record'; readonly record: LogRecord }
  | { readonly kind: 'came'; readonly answered: Answered };

/** What a letter is for a service. */
export type Opened =
  | { readonly kind: 'input'; readonly stream: string; readonly input: Input }
  | { readonly kind: 'ignored'; readonly what: string };

const headers = {
  topic: 'x-dlq-topic',
  partition: 'x-dlq-partition',
  offset: 'x-dlq-offset',
  group: 'x-dlq-group',
  reason: 'x-dlq-reason',
  failedAt: 'x-dlq-first-failed-at',
  stream: 'x-dlq-stream',
  came: 'x-dlq-came',
  redriveOf: 'x-redrive-of',
  redriveBy: 'x-redrive-by',
  redriveWhy: 'x-redrive-why',
} as const;
/** Headers that a dead letter and its redrive carry beside the original's. */
export const deadLetterHeaders = headers;

/** Where a record stands: `topic/partition/offset`. */
export const positionOfRecord = ({ topic, partition, offset }: LogRecord): string =>
  `${topic}/${partition}/${offset}`;

/** The store's key that stands when the outcome of a to-do is among the dead letters. */
export const deadKey = (toDo: string): string => `dead:${toDo}`;

/** The topic on which a service's dead letters are kept, and the one on which they come back. */
export const deadTopic = (service: string): string => `${service}.dead`;
export const redriveTopic = (service: string): string => `${service}.redrive`;

/** What comes back stands under the name of the topic it was on at first. */
const nounOf = ({ topic, headers: given }: LogRecord): string =>
  topic.endsWith('.redrive') ? (given[headers.topic] ?? topic) : topic;

const readings = new WeakMap<LogRecord, Reading>();
/**
 * Reads a record as an event; services of one process hear the same records, each is read once.
 * @throws Unreadable
 */
export const readOnce = (record: LogRecord): Reading => {
  let reading = readings.get(record);
  if (reading === undefined) {
    reading = readEvent(record, nounOf(record));
    readings.set(record, reading);
  }
  return reading;
};

/**
 * Opens a record for a service.
 * @throws Unreadable if nobody could read it
 */
const openRecord = (service: Service, record: LogRecord): Opened => {
  const isRedriven = record.topic === redriveTopic(service.name);
  if (isRedriven && record.headers[headers.came] !== undefined) {
    return openCame(record.headers[headers.stream] ?? '', record);
  }
  const type = record.headers['ce_type'];
  if (type !== undefined && isEventType(type) && !service.hears.includes(type)) {
    return { kind: 'ignored', what: type };
  }
  const reading = readOnce(record);
  if (reading.kind === 'unknown') return { kind: 'ignored', what: reading.type };
  const {
    id,
    type: name,
    key,
    correlationId,
  } = reading.kind === 'newer' ? reading.envelope : reading.event;
  const stream = service.stream === 'section' ? key : correlationId;
  const position = positionOfRecord(record);
  const input: Input =
    reading.kind === 'newer'
      ? { kind: 'newer', id, name, position }
      : { kind: 'event', id, event: reading.event, position };
  return { kind: 'input', stream, input };
};

const answeredSchema = z.object({
  kind: z.literal('came'),
  id: z.string().min(1),
  name: z.string(),
  came: z.looseObject({ id: z.string(), time: z.number(), ok: z.boolean() }),
  trace: z.string().optional(),
});

const openCame = (stream: string, { value }: LogRecord): Opened => {
  try {
    const answered = answeredSchema.parse(JSON.parse(Buffer.from(value ?? []).toString()));
    return { kind: 'input', stream, input: answered as Answered };
  } catch (cause) {
    throw new Unreadable('the outcome of a to-do cannot be read', { cause });
  }
};

/** Opens a letter for a service. @throws Unreadable if nobody could read it */
export const open = (service: Service, letter: Letter, stream = ''): Opened =>
  letter.kind === 'record'
    ? openRecord(service, letter.record)
    : { kind: 'input', stream, input: letter.answered };

/** A letter in the form in which it is parked. */
export const pack = (letter: Letter): Json => {
  if (letter.kind === 'came') return letter as unknown as Json;
  const { value, ...record } = letter.record;
  const base64 = value === null ? null : Buffer.from(value).toString('base64');
  return { kind: 'record', record: { ...record, value: base64 } };
};

/** Where what was parked stood in the log; the outcome of a to-do stood nowhere. */
export const standingOf = (packed: Json): { topic: string; offset: number } | null =>
  (packed as unknown as { record?: { topic: string; offset: number } }).record ?? null;

/** The letter that was parked. */
export const unpack = (packed: Json): Letter => {
  const letter = packed as unknown as
    | { kind: 'came'; answered: Answered }
    | { kind: 'record'; record: Omit<LogRecord, 'value'> & { value: string | null } };
  if (letter.kind === 'came') return letter;
  const { value, ...record } = letter.record;
  return {
    kind: 'record',
    record: { ...record, value: value === null ? null : Buffer.from(value, 'base64') },
  };
};

/** A letter as a dead letter: the same bytes, and why; it stays in the partition that is its home. */
export const deadLetter = (
  service: string,
  letter: Letter,
  {
    stream,
    partition: home,
    reason,
    at,
  }: { stream: string; partition: number; reason: string; at: number },
): NewRecord => {
  const failedAt = { [headers.failedAt]: new Date(at).toISOString() };
  const why = { [headers.group]: service, [headers.reason]: reason.slice(0, 500) };
  if (letter.kind === 'came') {
    return {
      topic: deadTopic(service),
      key: stream,
      partition: home,
      value: Buffer.from(JSON.stringify(letter.answered)),
      headers: {
        ...failedAt,
        ...why,
        [headers.stream]: stream,
        [headers.came]: letter.answered.name,
      },
    };
  }
  const { key, value, headers: original, topic, partition, offset } = letter.record;
  return {
    topic: deadTopic(service),
    key,
    partition: home,
    value,
    headers: {
      [headers.topic]: topic,
      [headers.partition]: String(partition),
      [headers.offset]: String(offset),
      ...failedAt,
      ...(topic === redriveTopic(service) ? original : withoutOurs(original)),
      ...why,
    },
  };
};

/** Only what came back by redrive carries headers of ours; anywhere else they are forged. */
const withoutOurs = (original: LogRecord['headers']): LogRecord['headers'] => {
  const ours = new Set<string>(Object.values(headers));
  return Object.fromEntries(Object.entries(original).filter(([name]) => !ours.has(name)));
};
