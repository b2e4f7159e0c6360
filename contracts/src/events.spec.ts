import { describe, expect, it } from '@jest/globals';
import { type EventDefinition, type EventName, owners, type OwnerOf } from './define.ts';
import { type DataOf, events, type EventsOf, type EventType, eventTypes } from './events.ts';
import { jsonSchemaOf } from './json-schema.ts';

const definitions: EventDefinition[] = Object.values(events);

describe.each(definitions)('$type', (definition) => {
  const { type, noun, owner, meaning, schema, example } = definition;

  it('has one sentence of meaning', () => {
    expect(meaning).toMatch(/^[A-Z][^.]{10,118}\.$/);
  });

  it('has an example that its schema takes as it is', () => {
    expect(schema.parse(example)).toEqual(example);
  });

  it('belongs to the noun of its name, and to whom that belongs', () => {
    expect(type.split('.')[0]).toBe(noun);
    expect(owner).toBe(owners[noun]);
  });

  it('says in which section it is at home', () => {
    expect(jsonSchemaOf(definition)).toMatchObject({
      required: expect.arrayContaining(['showId', 'section']),
    });
  });
});

describe('the events', () => {
  it('mean different things', () => {
    expect(new Set(definitions.map(({ meaning }) => meaning)).size).toBe(definitions.length);
  });

  it('are of every noun and every owner', () => {
    expect(new Set(definitions.map(({ noun }) => noun))).toEqual(new Set(Object.keys(owners)));
    expect(new Set(definitions.map(({ owner }) => owner))).toEqual(new Set(Object.values(owners)));
  });

  it('hold personal data in booking.requested.customer and nowhere else', () => {
    const ofPeople = /name$|mail|phone|address|birth|person|customer/i;
    const isPersonal = ([field, schema]: [string, unknown]): boolean =>
      ofPeople.test(field) || /"format":"email"/.test(JSON.stringify(schema)) || hidesOne(schema);
    const fieldsOf = (schema: unknown): [string, unknown][] =>
      Object.entries((schema as { properties?: object }).properties ?? {});
    const hidesOne = (schema: unknown): boolean => {
      const items = (schema as { items?: unknown }).items;
      return fieldsOf(schema).some(isPersonal) || (items !== undefined && hidesOne(items));
    };
    const found = definitions.flatMap((definition) =>
      fieldsOf(jsonSchemaOf(definition))
        .filter(isPersonal)
        .map(([field]) => `${definition.type}.${field}`),
    );
    const declared = definitions.flatMap(({ type, personal }) =>
      personal.map((field) => `${type}.${field}`),
    );
    expect(found).toEqual(['booking.requested.customer']);
    expect(declared).toEqual(found);
  });
});

it('types know who owns what', () => {
  const ofSeat: EventsOf<'seat'>[] = [
    'seat.reserved',
    'seat.refused',
    'seat.sold',
    'seat.released',
    // @ts-expect-error payment.received is payment's to say
    'payment.received',
  ];
  // @ts-expect-error nobody owns a noun of this name
  const stranger: EventName = 'refund.failed';
  // @ts-expect-error booking.requested is said by the gateway
  const owner: OwnerOf<'booking.requested'> = 'seat';
  // @ts-expect-error there is no such event
  const unknown: EventType = 'seat.polished';
  // @ts-expect-error money has a currency
  const total: DataOf<'seat.reserved'>['total'] = { amount: 9000 };
  expect([ofSeat, stranger, owner, unknown, total]).toHaveLength(5);
  expect(eventTypes).toHaveLength(definitions.length);
});
