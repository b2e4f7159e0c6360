import { deadLetterHeaders, positionOfRecord } from '@ensemble/choreography';
import { events, isEventType, readEvent, Unreadable } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';
import { reasonOf } from '@ensemble/telemetry';
import type { DeadLetterView } from '../views.ts';

type Difference = DeadLetterView['differences'][number];

const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Of what kind a value is: the value itself may be personal. */
const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined,
    value,
  );

const parsed = (value: Uint8Array | null): { body: unknown } | undefined => {
  try {
    return {
      body: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value ?? undefined)),
    };
  } catch {
    return undefined;
  }
};

/** What nobody could read about the record as a whole, though its body is well. */
const envelopeFault = (record: LogRecord): readonly Difference[] => {
  const noun = record.headers[deadLetterHeaders.topic];
  try {
    readEvent(record, noun);
    return [];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [{ at: '', expected: reasonOf(error), found: positionOfRecord(record) }];
  }
};

/** How a dead letter differs from what its contract expects; without any value that it holds. */
export const differencesOf = (letter: LogRecord): readonly Difference[] => {
  const { headers, value } = letter;
  if (headers[deadLetterHeaders.came] !== undefined) return [];
  const type = headers['ce_type'] ?? '';
  if (!isEventType(type)) {
    return [{ at: '', expected: 'a type of event that the contracts know', found: type || 'none' }];
  }
  const found = parsed(value);
  if (found === undefined) return [{ at: '', expected: 'JSON in UTF-8', found: 'something else' }];
  const { error } = events[type].schema.safeParse(found.body);
  if (error === undefined) return envelopeFault(letter);
  return error.issues.map(({ path, message }) => ({
    at: pointerTo(path),
    expected: message,
    found: kindOf(valueAt(found.body, path)),
  }));
};
