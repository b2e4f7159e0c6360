/** Ids that were met lately. */
export interface RecentIds {
  /** @returns whether it is the first time, as far as is remembered */
  meet(id: string): boolean;
  /** Whether it was met, as far as is remembered. */
  has(id: string): boolean;
}

/** Remembers at least the newest `atLeast` ids, and at most twice as many. */
export const recentIds = (atLeast: number): RecentIds => {
  let older = new Set<string>();
  let newer = new Set<string>();
  const has = (id: string): boolean => newer.has(id) || older.has(id);
  return {
    has,
    meet: (id) => {
      if (has(id)) return false;
      newer.add(id);
      if (newer.size >= atLeast) [older, newer] = [newer, new Set()];
      return true;
    },
  };
};
