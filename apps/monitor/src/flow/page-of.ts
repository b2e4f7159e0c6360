/** Where something stands in a list: by its moment, and among equals by its id. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

const pageLength = 100;

/** The newest first. */
const order = (a: Place, b: Place): number => b.at - a.at || (a.id < b.id ? 1 : -1);

const written = ({ at, id }: Place): string => `${at}-${id}`;
const placeIn = (text: string): Place => {
  const end = text.indexOf('-');
  return { at: Number(text.slice(0, end)), id: text.slice(end + 1) };
};

/**
 * A page of things, the newest first: what comes after `before`, which is the `next` of the page
 * before it.
 */
export const pageOf = <Thing>(
  things: Iterable<Thing>,
  { before, placeOf }: { before: string | undefined; placeOf: (thing: Thing) => Place },
): { readonly page: readonly Thing[]; readonly next: string | null } => {
  const last = before === undefined ? undefined : placeIn(before);
  const placed = [...things].map((thing) => ({ thing, place: placeOf(thing) }));
  const found = placed.filter(
    ({ place }) => last === undefined || (place.id !== last.id && order(last, place) < 0),
  );
  const page = found.toSorted((a, b) => order(a.place, b.place)).slice(0, pageLength);
  const end = found.length > pageLength ? page.at(-1) : undefined;
  return {
    page: page.map(({ thing }) => thing),
    next: end === undefined ? null : written(end.place),
  };
};
