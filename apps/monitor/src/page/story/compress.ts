/** From when to when, in milliseconds. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** A stretch in which nothing happened, drawn much shorter than it was. */
export interface Break extends Interval {
  /** Where it is drawn, between 0 and 1. */
  readonly from: number;
  readonly to: number;
}

/** Where moments are drawn. */
export interface Scale {
  /** Between 0 and 1; never goes back while time goes on. */
  readonly x: (at: number) => number;
  readonly breaks: readonly Break[];
  /** When something begins after a break, or at all. */
  readonly beginnings: readonly number[];
}

/** A gap is kept to scale up to this part of the time in which something happens. */
const keptPart = 0.25;
/** What happened in no time is drawn as long as this part of all that happened. */
const leastPart = 0.02;
/** How much of the picture a break takes, and all of them together at most. */
const breakPart = 0.05;
const breaksPart = 0.4;

const merged = (intervals: readonly Interval[]): Interval[] => {
  const found: Interval[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last && start <= last.end) {
      found[found.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    } else found.push({ start, end: Math.max(start, end) });
  }
  return found;
};

interface Stretch extends Interval {
  readonly weight: number;
  readonly isBroken: boolean;
}

/** Work and gaps in turn, each with its share of the picture, yet without that of the breaks. */
const stretches = (active: readonly Interval[]): Stretch[] => {
  const total = active.reduce((sum, { start, end }) => sum + end - start, 0) || 1;
  return active.flatMap(({ start, end }, index) => {
    const weight = Math.max(end - start, total * leastPart);
    const next = active[index + 1];
    const own: Stretch = { start, end, weight, isBroken: false };
    if (next === undefined) return [own];
    const gap = next.start - end;
    const isBroken = gap > total * keptPart;
    return [own, { start: end, end: next.start, weight: isBroken ? 0 : gap, isBroken }];
  });
};

/** A scale for a picture of these intervals: true within them, long gaps between them compressed. */
export const compress = (intervals: readonly Interval[]): Scale => {
  const parts = stretches(merged(intervals));
  const broken = parts.filter(({ isBroken }) => isBroken).length;
  const perBreak = broken === 0 ? 0 : Math.min(breakPart, breaksPart / broken);
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  const perWeight = weights === 0 ? 0 : (1 - perBreak * broken) / weights;

  let from = 0;
  const drawn = parts.map((part) => {
    const to = from + (part.isBroken ? perBreak : part.weight * perWeight);
    const placed = { ...part, from, to };
    from = to;
    return placed;
  });

  return {
    x: (at) => {
      const part = drawn.find(({ end }) => at <= end);
      if (part === undefined) return drawn.length === 0 ? 0 : 1;
      const length = part.end - part.start;
      const done = length === 0 ? 0 : Math.max(0, at - part.start) / length;
      return Math.min(1, part.from + (part.to - part.from) * done);
    },
    breaks: drawn
      .filter(({ isBroken }) => isBroken)
      .map(({ start, end, from: left, to }) => ({ start, end, from: left, to })),
    beginnings: drawn
      .filter((_, index) => index === 0 || drawn[index - 1]?.isBroken)
      .map(({ start }) => start),
  };
};
