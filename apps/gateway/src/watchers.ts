/** Who wants to know when something about a booking or a show may have changed. */
export interface Watchers {
  /** Calls back whenever it did; returns how to end it. */
  readonly watch: (id: string, changed: () => void) => () => void;
  readonly tell: (ids: Iterable<string>) => void;
  readonly tellAll: () => void;
}

export const watchers = (): Watchers => {
  const all = new Map<string, Set<() => void>>();
  const tell = (ids: Iterable<string>): void => {
    for (const id of ids) {
      for (const changed of all.get(id) ?? []) changed();
    }
  };
  return {
    watch: (id, changed) => {
      const mine = all.get(id) ?? new Set();
      all.set(id, mine.add(changed));
      return () => {
        mine.delete(changed);
        if (mine.size === 0 && all.get(id) === mine) all.delete(id);
      };
    },
    tell,
    tellAll: () => tell([...all.keys()]),
  };
};
