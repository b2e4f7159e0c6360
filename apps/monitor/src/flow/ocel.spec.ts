import { describe, expect, it } from '@jest/globals';
import { ada, goldenPath, said, told } from './spec-kit.ts';

describe('the object-centric event log', () => {
  const path = goldenPath();
  const { objectTypes, eventTypes, objects, events } = told([
    ...path,
    said('booking.withdrawn', { at: 500 }),
  ]).ocel();

  it('has bookings, seats and sections as objects, each once', () => {
    expect(objectTypes.map(({ name }) => name).toSorted()).toEqual(['booking', 'seat', 'section']);
    expect(objects).toContainEqual({ id: ada, type: 'booking' });
    expect(objects).toContainEqual({ id: 'hamlet/stalls/A-12', type: 'seat' });
    expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
  });

  it('has every event once, of a type that it names, about objects that it has', () => {
    expect(events).toHaveLength(path.length + 2);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const known = new Set(objects.map(({ id }) => id));
    const types = new Map(eventTypes.map(({ name, attributes }) => [name, attributes]));
    for (const { type, attributes, relationships } of events) {
      const names = types.get(type)?.map(({ name }) => name) ?? [];
      expect(attributes.filter(({ name }) => !names.includes(name))).toEqual([]);
      expect(relationships.filter(({ objectId }) => !known.has(objectId))).toEqual([]);
    }
  });

  it('names nobody', () => {
    expect(JSON.stringify(events)).not.toMatch(/ada@|Ada/);
  });
});
