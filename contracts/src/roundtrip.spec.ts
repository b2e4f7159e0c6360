import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventDefinition } from './define.ts';
import { maxBodyBytes, readEvent, writeEvent } from './envelope.ts';
import { exampleOf } from './example.ts';
import { events, eventTypes } from './events.ts';
import { jsonSchemaOf } from './json-schema.ts';

interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly enum?: string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly [bound: `${'min' | 'max'}${string}`]: number;
}

const formats: Record<string, fc.Arbitrary<string>> = {
  'date-time': fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString()),
  email: fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.domain()).map(([at, of]) => `${at}@${of}`),
  uri: fc.webUrl(),
};

/** Anything that a schema takes, as far as the schema goes. */
const anyOf = (schema: Schema): fc.Arbitrary<unknown> => {
  const { type, properties = {}, items, format, pattern } = schema;
  const length = { minLength: schema.minLength ?? 0, maxLength: schema.maxLength ?? 300 };
  if (type === 'object') {
    return fc.record(
      Object.fromEntries(Object.entries(properties).map(([field, of]) => [field, anyOf(of)])),
    );
  }
  if (type === 'array') {
    const [minLength, maxLength] = [schema.minItems ?? 0, schema.maxItems ?? 9];
    return fc.array(anyOf(items!), { minLength, maxLength });
  }
  if (type === 'integer')
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1e9 });
  if (type === 'boolean') return fc.boolean();
  // Else what is made would never be taken, and made for ever.
  if (type !== 'string') throw new Error('expected a type that is known here');
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (format !== undefined) return formats[format]!;
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ ...length, unit: 'grapheme' });
};

it.each(eventTypes)('%s is read as it was written, whatever it says', (type) => {
  const definition: EventDefinition = events[type];
  const data = anyOf(jsonSchemaOf(definition) as Schema)
    .filter((any) => definition.schema.safeParse(any).success)
    .filter((any) => Buffer.byteLength(JSON.stringify(any)) <= maxBodyBytes);
  fc.assert(
    fc.property(data, fc.nat(), (any, sequence) => {
      const event = { ...exampleOf(type, any as object), sequence };
      const message = writeEvent(event);
      const record = { ...message, value: Buffer.from(message.value), timestamp: event.time };
      expect(readEvent(record)).toEqual({ kind: 'event', event });
    }),
    { numRuns: 50 },
  );
});
