import { dataSchemaOf, type EventType, isEventType } from '@ensemble/contracts';
import type { LogRecord, NewRecord } from '@ensemble/log';

/** Makes a bad record of a good one. */
type Change = (record: NewRecord) => NewRecord;

const body =
  (change: (text: string) => string | Uint8Array | null): Change =>
  (record) => {
    const value = change(Buffer.from(record.value ?? []).toString());
    return { ...record, value: value === null ? null : Buffer.from(value) };
  };

const headers =
  (changed: Readonly<Record<string, string>>): Change =>
  (record) => ({ ...record, headers: { ...record.headers, ...changed } });

/** A body that is so many bytes too long. */
export const tooLong = (bytes: number): Change =>
  body((text) => text.replace('A-1', 'A'.repeat(bytes)));

/** What nobody can read. */
export const unreadable: Readonly<Record<string, Change>> = {
  'malformed JSON': body((text) => text.slice(0, -1)),
  'invalid UTF-8': body((text) => Buffer.from(text.replaceAll('A-', 'A\xff'), 'latin1')),
  'a null value': body(() => null),
  'no headers': (record) => ({ ...record, headers: {} }),
  'a forged source': headers({ ce_source: '/ensemble/notification' }),
  '1 MiB': tooLong(1_048_576),
  '__proto__ for a body': body(() => '{"__proto__": {"bookingId": "polluted"}}'),
  '__proto__ for a type': headers({ ce_type: '__proto__.polluted' }),
  'a time to come': headers({ ce_time: '2999-01-01T00:00:00.000Z' }),
  "another section's key": (record) => ({ ...record, key: 'elsewhere/stalls' }),
};

/** What readers take as it is: they drop what they do not know. */
export const tolerated: Change = body((text) =>
  text.replace('{', `{"__proto__": {"seats": []}, "padding": "${'x'.repeat(1_024)}",`),
);

/** A type that is not known. */
export const stranger = headers({ ce_type: 'booking.exploded' });

/** A version that is not known yet. */
export const newer = headers({ ce_dataschema: dataSchemaOf('booking.requested', 9) });

/** A moment ahead, in ISO 8601. */
export const dated = (time: number): Change => headers({ ce_time: new Date(time).toISOString() });

/** By service, the types that it hears, as each has put it on the log. */
export const hearers = (records: readonly LogRecord[]): ReadonlyMap<string, readonly EventType[]> =>
  new Map(
    records
      .filter(({ topic }) => topic === 'flow')
      .map(({ key, value }) => {
        const { hears } = JSON.parse(Buffer.from(value ?? []).toString()) as { hears: EventType[] };
        return [key ?? '', hears];
      }),
  );

/** Whether a service that hears these types takes a record for its own. */
export const isFor = (
  hears: readonly EventType[],
  { topic, headers: given }: NewRecord,
): boolean => {
  const type = given['ce_type'] ?? '';
  return isEventType(type) ? hears.includes(type) : hears.some((it) => it.startsWith(`${topic}.`));
};
