import type { Finding, Kept } from './evidence.ts';
import type { Said } from './said.ts';

/** What makes up each read model, and the document that each event belongs to. */
const models: Readonly<Record<string, (event: Said) => string | undefined>> = {
  bookings: ({ data, about }) => (data.bookingId === undefined ? undefined : about),
  seats: ({ type, key }) =>
    ['section.opened', 'seat.reserved', 'seat.sold', 'seat.released'].includes(type)
      ? key
      : undefined,
};

/**
 * What is kept up equals what is built from offset zero: of every version that there is of a read
 * model the set of facts is the set of events on the log.
 */
export const readModels = ({ facts }: Kept, events: readonly Said[]): Finding => {
  const sets = Map.groupBy(facts, ({ set }) => set);
  const expected = Object.entries(models).map(([model, documentOf]) => {
    const wanted = events.flatMap((event) => {
      const document = documentOf(event);
      return document === undefined ? [] : [`${document} ${event.id}`];
    });
    return [model, new Set(wanted)] as const;
  });
  const violations = expected.flatMap(([model, wanted]) => {
    const versions = [...sets.keys()].filter((set) => set.startsWith(`${model}.v`));
    if (versions.length === 0) return [`read model ${model} is not there`];
    return versions.flatMap((set) => {
      const kept = new Set(sets.get(set)?.map(({ document, id }) => `${document} ${id}`));
      return [
        ...[...wanted.difference(kept)].map((fact) => `read model ${set} misses ${fact}`),
        ...[...kept.difference(wanted)].map((fact) => `read model ${set} made up ${fact}`),
      ];
    });
  });
  return { what: `facts of ${sets.size} sets of read models`, count: facts.length, violations };
};
