import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type AnyEvent,
  maxBodyBytes,
  maxClockSkewMs,
  type Message,
  type ReadableRecord,
  readEvent,
  Unreadable,
  writeEvent,
} from './envelope.ts';
import { exampleOf } from './example.ts';
import { type EventType, eventTypes } from './events.ts';

const recordOf = (message: Message, change: Partial<ReadableRecord> = {}): ReadableRecord => ({
  ...message,
  value: Buffer.from(message.value),
  timestamp: exampleOf('seat.reserved').time,
  ...change,
});
const withHeaders = (type: EventType, headers: Record<string, string>): ReadableRecord => {
  const message = writeEvent(exampleOf(type));
  return recordOf(message, { headers: { ...message.headers, ...headers } });
};
const withBody = (type: EventType, value: string | Uint8Array | null): ReadableRecord =>
  recordOf(writeEvent(exampleOf(type)), {
    value: typeof value === 'string' ? Buffer.from(value) : value,
  });
const reserved = writeEvent(exampleOf('seat.reserved'));
const dataOf = (message: Message): object => JSON.parse(message.value);

describe('writing an event', () => {
  it('puts the context into ce_ headers and the data into the body', () => {
    expect(writeEvent(exampleOf('booking.withdrawn'))).toEqual({
      topic: 'booking',
      key: 'hamlet/stalls',
      value:
        '{"bookingId":"5f0c9a3be2d14c7fa1b7c0d2e3f40516","showId":"hamlet","section":"stalls"}',
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: '9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d',
        ce_type: 'booking.withdrawn',
        ce_source: '/ensemble/gateway',
        ce_time: '2026-11-21T12:00:00.000Z',
        ce_dataschema: 'urn:ensemble:event:booking.withdrawn:v1',
        ce_subject: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
        ce_correlationid: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
        ce_causationid: 'd0c4e1f2a3b4958677889900aabbccdd',
        ce_sequence: '1',
        ce_traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
  });

  it('relates a fact about a section to the section', () => {
    const { headers, key } = writeEvent(exampleOf('section.opened'));
    expect([headers['ce_correlationid'], key]).toEqual(['hamlet/stalls', 'hamlet/stalls']);
  });

  it('refuses data that breaks the schema, and says where', () => {
    const event = exampleOf('payment.declined');
    const broken = { ...event, data: { ...event.data, attempt: 0 } } as AnyEvent;
    expect(() => writeEvent(broken)).toThrow(/^payment\.declined breaks its schema: .*attempt/s);
  });

  it('refuses a body over 16 KiB, and says what to do', () => {
    const { rows: _few, ...opened } = dataOf(writeEvent(exampleOf('section.opened'))) as {
      rows: object[];
    };
    const described = (count: number): AnyEvent =>
      exampleOf('section.opened', {
        ...opened,
        rows: Array.from({ length: count }, (_, row) => ({ row: `${row}`, from: 1, to: 500 })),
      });
    expect(writeEvent(described(100)).value.length).toBeLessThan(maxBodyBytes);

    const event = exampleOf('ticket.generated');
    const huge = { ...event.data, code: `${'x'.repeat(maxBodyBytes)}.y` };
    expect(() => writeEvent({ ...event, data: huge } as AnyEvent)).toThrow(
      /^ticket\.generated has a body of 1\d{4} bytes, expected at most 16384: describe rows .* ranges/,
    );
  });
});

describe('reading an event', () => {
  it.each(eventTypes)('reads the %s that was written', (type) => {
    const event = exampleOf(type);
    expect(readEvent(recordOf(writeEvent(event)))).toEqual({ kind: 'event', event });
  });

  it('drops fields and headers that it does not know', () => {
    const value = Buffer.from(JSON.stringify({ ...dataOf(reserved), mood: 'festive' }));
    const headers = { ...reserved.headers, ce_mood: 'festive', 'x-redrive-of': '7' };
    expect(readEvent(recordOf(reserved, { value, headers }))).toEqual({
      kind: 'event',
      event: exampleOf('seat.reserved'),
    });
  });

  it('takes an event back from another topic when told about what it is', () => {
    const redriven = recordOf(reserved, { topic: 'payment.redrive' });
    expect(readEvent(redriven, 'seat')).toMatchObject({ kind: 'event' });
    expect(() => readEvent(redriven)).toThrow(Unreadable);
  });

  it.each(['seat.polished', 'seat.re-reserved'])(
    'knows %s as unknown, whatever it says',
    (type) => {
      const record = withHeaders('seat.reserved', { ce_type: type });
      expect(readEvent({ ...record, value: Buffer.from('{') })).toEqual({ kind: 'unknown', type });
    },
  );

  it('knows an event of a noun that it does not know as unknown', () => {
    const record = withHeaders('seat.reserved', { ce_type: 'constructor.called' });
    expect(readEvent({ ...record, topic: 'constructor' }).kind).toBe('unknown');
  });

  it('tells a newer version apart, whatever its body', () => {
    const record = withHeaders('seat.reserved', {
      ce_dataschema: 'urn:ensemble:event:seat.reserved:v2',
    });
    const { data: _data, ...envelope } = exampleOf('seat.reserved');
    expect(readEvent({ ...record, value: Buffer.from('{"seats":"all"}') })).toEqual({
      kind: 'newer',
      envelope: { ...envelope, version: 2 },
    });
  });

  it('takes a clock that is a little ahead', () => {
    const { time } = exampleOf('seat.reserved');
    expect(readEvent(recordOf(reserved, { timestamp: time - maxClockSkewMs })).kind).toBe('event');
  });

  it('lets nothing through the prototype', () => {
    const { showId, ...rest } = dataOf(reserved) as { showId: string };
    const smuggled = JSON.stringify(rest).replace('{', `{"__proto__":{"showId":"${showId}"},`);
    expect(() => readEvent(withBody('seat.reserved', smuggled))).toThrow(/showId/);

    const decorated = reserved.value.replace('{', '{"__proto__":{"admin":true},');
    const reading = readEvent(withBody('seat.reserved', decorated));
    expect(reading).toEqual({ kind: 'event', event: exampleOf('seat.reserved') });
    expect('admin' in (reading as { event: AnyEvent }).event.data).toBe(false);
  });
});

describe('a message that nobody can read', () => {
  const without = (header: string): ReadableRecord => {
    const { [header]: _gone, ...headers } = reserved.headers;
    return recordOf(reserved, { headers });
  };

  it.each<[string, ReadableRecord, RegExp]>([
    ['has no headers', recordOf(reserved, { headers: {} }), /expected string, received undefined/],
    ...Object.keys(reserved.headers)
      .filter((name) => !['content-type', 'ce_subject', 'ce_traceparent'].includes(name))
      .map((name): [string, ReadableRecord, RegExp] => [
        `has no ${name}`,
        without(name),
        new RegExp(`^the headers are not a CloudEvent's: .*(expected|received).*at ${name}`, 's'),
      ]),
    [
      'has another specversion',
      withHeaders('seat.reserved', { ce_specversion: '0.3' }),
      /expected "1\.0"/,
    ],
    ['has a time that is none', withHeaders('seat.reserved', { ce_time: 'noon' }), /ce_time/],
    ['has no participle', withHeaders('seat.reserved', { ce_type: 'seat' }), /ce_type/],
    [
      'has version 0',
      withHeaders('seat.reserved', { ce_dataschema: 'urn:ensemble:event:seat.reserved:v0' }),
      /ce_dataschema/,
    ],
    ['has a sequence below 0', withHeaders('seat.reserved', { ce_sequence: '-1' }), /ce_sequence/],
    [
      'has a forged source',
      withHeaders('payment.received', { ce_source: '/ensemble/seat' }),
      /payment's to say: expected source \/ensemble\/payment, found \/ensemble\/seat/,
    ],
    [
      'has a forged source under a type of the future',
      withHeaders('payment.received', { ce_type: 'payment.doubled', ce_source: '/ensemble/seat' }),
      /payment's to say: expected source \/ensemble\/payment, found \/ensemble\/seat/,
    ],
    [
      'is on the wrong topic',
      recordOf(reserved, { topic: 'payment' }),
      /expected an event about payment, found seat\.reserved/,
    ],
    [
      'comes from the future',
      withHeaders('seat.reserved', { ce_time: '2026-11-21T12:05:00.001Z' }),
      /expected a time up to 300000 ms after .* found 2026-11-21T12:05:00\.001Z/,
    ],
    [
      'has the key of another section',
      recordOf(reserved, { key: 'hamlet/balcony' }),
      /in hamlet\/stalls: expected its envelope to say so, found .* in hamlet\/balcony/,
    ],
    ['has no key', recordOf(reserved, { key: null }), /found .* in no key/],
    [
      'is related to another booking',
      withHeaders('seat.reserved', { ce_correlationid: 'f'.repeat(32) }),
      /expected its envelope to say so, found f{32} in hamlet\/stalls/,
    ],
    ['has no body', withBody('seat.reserved', null), /expected a body, found none/],
    ['says null', withBody('seat.reserved', 'null'), /expected object, received null/],
    ['says a list', withBody('seat.reserved', '[]'), /expected object, received array/],
    [
      'is half of its JSON',
      withBody('seat.reserved', reserved.value.slice(0, -9)),
      /expected a body of JSON in UTF-8, found not JSON/,
    ],
    [
      'is not UTF-8',
      withBody('seat.reserved', Buffer.from('{"showId":"\xff\xfe"}', 'latin1')),
      /expected a body of JSON in UTF-8, found not UTF-8/,
    ],
    [
      'is of 1 MiB',
      withBody('seat.reserved', reserved.value.replace('{', `{"mood":"${'x'.repeat(2 ** 20)}",`)),
      /expected a body of at most 16384 bytes, found 10\d{5}/,
    ],
    [
      'sells 9 seats',
      withBody('seat.sold', JSON.stringify({ ...dataOf(reserved), seats: Array(9).fill('A-1') })),
      /^seat\.sold breaks its schema: .*expected array to have <=8 items.*at seats/s,
    ],
  ])('%s', (_what, record, why) => {
    expect(() => readEvent(record)).toThrow(Unreadable);
    expect(() => readEvent(record)).toThrow(why);
  });

  it('is not quoted: it may hold personal data', () => {
    const requested = writeEvent(exampleOf('booking.requested'));
    const cut = withBody('booking.requested', requested.value.replace('"ada@example.org"', 'ada@'));
    const wrong = withBody('booking.requested', requested.value.replace('ada@example', 'ada'));
    expect(() => readEvent(cut)).toThrow(/^(?!.*ada)/is);
    expect(() => readEvent(wrong)).toThrow(/^(?!.*ada)/is);
  });

  it('is Unreadable and nothing else, whatever the bytes and headers', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', '1.0', ''));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((json) => Buffer.from(json)),
      fc.constant(null),
    );
    const moment = fc.oneof(fc.integer(), fc.double());
    const record = fc.constantFrom(...eventTypes).chain((type) => {
      const written = recordOf(writeEvent(exampleOf(type)));
      const some = fc.dictionary(fc.constantFrom(...Object.keys(written.headers)), text, {
        maxKeys: 2,
      });
      return fc.record({
        topic: fc.oneof(fc.constant(written.topic), text),
        key: fc.oneof(fc.constant(written.key), text, fc.constant(null)),
        value: fc.oneof(fc.constant(written.value), bytes),
        headers: fc.oneof(
          fc.constant(written.headers),
          some.map((changed) => ({ ...written.headers, ...changed })),
          fc.dictionary(text, text),
        ),
        timestamp: fc.oneof(fc.constant(written.timestamp), moment),
      });
    });
    fc.assert(
      fc.property(record, (any) => {
        try {
          expect(['event', 'unknown', 'newer']).toContain(readEvent(any).kind);
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error;
          expect(error.message).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
