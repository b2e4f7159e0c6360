/** Chance as an input: the same seed draws the same. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform among 0, 1, … n - 1. */
  below(n: number): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  /** One of these, each as likely. */
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
  pick<Value>(values: readonly Value[]): Value | undefined;
  /** Chance for another matter: what is drawn there changes nothing here. */
  fork(name: string): Chance;
}

/** Chance from a seed. Source: mulberry32 by Tommy Ettinger, public domain. */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    happens: (probability) => probability > 0 && next() < probability,
    pick: <Value>(values: readonly Value[]) => values[below(values.length)] as Value,
    fork: (name) => chanceOf(digest(name, seed)),
  };
};

/** FNV-1a over a text, going on from an earlier digest. */
export const digest = (text: string, before = 0x811c9dc5): number => {
  let mixed = before;
  for (let index = 0; index < text.length; index += 1) {
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  }
  return mixed >>> 0;
};
