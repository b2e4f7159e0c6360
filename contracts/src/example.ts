import type { EventDefinition } from './define.ts';
import { type AnyEvent, placeOf, sourceOf } from './envelope.ts';
import { events, type EventType } from './events.ts';

/** A whole event of a type, as the log would hold it, made of the example in its definition. */
export const exampleOf = (type: EventType, data?: object): AnyEvent => {
  const definition: EventDefinition = events[type];
  const said = definition.schema.parse(data ?? definition.example) as AnyEvent['data'];
  return {
    id: '9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d',
    type,
    source: sourceOf(definition.owner),
    time: Date.UTC(2026, 10, 21, 12),
    version: definition.version,
    ...placeOf(said),
    causationId: 'd0c4e1f2a3b4958677889900aabbccdd',
    sequence: 1,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    data: said,
  } as AnyEvent;
};
