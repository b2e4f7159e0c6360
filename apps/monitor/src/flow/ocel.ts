import type { Booking } from './booking.ts';
import type { Fact } from './fact.ts';

/** Named values of an event or object, as OCEL writes them. */
interface Attribute {
  readonly name: string;
  readonly value: string;
}
interface Relationship {
  readonly objectId: string;
  readonly qualifier: string;
}
interface EventTypeView {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly type: 'string' }[];
}

/** An object-centric event log, OCEL 2.0 in JSON: for process miners of others. */
export interface Ocel {
  readonly objectTypes: readonly EventTypeView[];
  readonly eventTypes: readonly EventTypeView[];
  readonly objects: readonly { readonly id: string; readonly type: string }[];
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    /** ISO 8601. */
    readonly time: string;
    readonly attributes: readonly Attribute[];
    readonly relationships: readonly Relationship[];
  }[];
}

const seatId = (key: string, seat: string): string => `${key}/${seat}`;

const relationshipsOf = ({ bookingId, key, seats }: Fact): Relationship[] => [
  { objectId: key, qualifier: 'in' },
  ...(bookingId === null ? [] : [{ objectId: bookingId, qualifier: 'of' }]),
  ...seats.map((seat) => ({ objectId: seatId(key, seat), qualifier: 'about' })),
];

const attributesOf = ({ service, causationId, fields }: Fact): Attribute[] => [
  { name: 'service', value: service },
  { name: 'causationId', value: causationId },
  ...Object.entries(fields).map(([name, value]) => ({ name, value })),
];

const objectsOf = ({ bookingId, key, seats }: Fact): [id: string, type: string][] => [
  [key, 'section'],
  ...(bookingId === null ? [] : [[bookingId, 'booking'] satisfies [string, string]]),
  ...seats.map((seat): [string, string] => [seatId(key, seat), 'seat']),
];

/**
 * Bookings as an object-centric event log: bookings, seats and sections are its objects.
 * Source: https://www.ocel-standard.org/ (2.0, JSON)
 */
export const ocelOf = (bookings: Iterable<Booking>): Ocel => {
  const all = [...bookings];
  const facts = [...new Set(all.flatMap((booking) => [...booking.section, ...booking.facts]))];
  const objects = new Map(facts.flatMap(objectsOf));
  const names = new Map<string, Set<string>>();
  const events = facts.map((fact) => {
    const attributes = attributesOf(fact);
    const known = names.get(fact.type) ?? new Set();
    for (const { name } of attributes) known.add(name);
    names.set(fact.type, known);
    return {
      id: fact.id,
      type: fact.type,
      time: new Date(fact.at).toISOString(),
      attributes,
      relationships: relationshipsOf(fact),
    };
  });
  return {
    objectTypes: [...new Set(objects.values())].map((name) => ({ name, attributes: [] })),
    eventTypes: [...names].map(([name, attributes]) => ({
      name,
      attributes: [...attributes].map((each) => ({ name: each, type: 'string' })),
    })),
    objects: [...objects].map(([id, type]) => ({ id, type })),
    events,
  };
};
