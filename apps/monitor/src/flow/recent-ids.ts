/** Ids that were met lately. */
export interface RecentIds {
  /** @returns whether it is the first time, as far as is remembered */
  meet(id: string): boolean;
}

/** Remembers at least the newest `atLeast` ids, and at most twice as many. */
export const recentIds = (atLeast: number): RecentIds => {
  let older = new Set<string>();
  let newer = new Set<string>();
  return {
    meet: (id) => {
      if (newer.has(id) || older.has(id)) return false;
      newer.add(id);
      if (newer.size >= atLeast) [older, newer] = [newer, new Set()];
      return true;
    },
  };
};
