import type { Chance } from './chance.ts';

/** Kinds of faults, each with how often it strikes at an occasion: at least, and at most. */
export type Faults<Kind extends string = string> = Readonly<
  Record<Kind, readonly [rarely: number, often: number]>
>;

/** The faults of one play: each seed has a mix of its own. */
export interface Weather<Kind extends string = string> {
  /** The kinds of the mix. */
  readonly mix: readonly string[];
  /** How often each has struck. */
  readonly struck: ReadonlyMap<string, number>;
  /** Whether it strikes at this occasion. */
  strikes(kind: Kind): boolean;
  /** From now on nothing strikes. */
  calm(): void;
}

const withoutAny = 0.05;
const withEach = 0.5;
/** In one of eight seeds everything strikes so many times as often. */
const seldom = 1 / 8;
const heavily = 4;
const mostOften = 0.6;

/** Draws a weather; one in twenty is fine all the time. */
export const weatherOf = <Kind extends string>(
  faults: Faults<Kind>,
  chance: Chance,
): Weather<Kind> => {
  const isFine = chance.happens(withoutAny);
  const strength = chance.happens(seldom) ? heavily : 1;
  const rates = new Map<Kind, number>();
  for (const kind of Object.keys(faults) as Kind[]) {
    const [rarely, often] = faults[kind];
    // The logarithm is uniform: what is rare is as likely as what is frequent.
    const rate = Math.min(mostOften, strength * rarely * (often / rarely) ** chance.next());
    if (!isFine && chance.happens(withEach)) rates.set(kind, rate);
  }
  const mix = [...rates.keys()];
  const struck = new Map<string, number>();
  return {
    mix,
    struck,
    strikes: (kind) => {
      const rate = rates.get(kind);
      if (rate === undefined || !chance.happens(rate)) return false;
      struck.set(kind, (struck.get(kind) ?? 0) + 1);
      return true;
    },
    calm: () => rates.clear(),
  };
};
