/** Counts things by the moment of each, in whatever order they come. */
export interface Counter {
  /** @param by how many; fewer than none takes back what was added. Default: 1 */
  add(at: number, by?: number): void;
  /** How many there were up to a moment, by the minute; all by default. */
  total(at?: number): number;
  /** How many a second, in the minute before a moment. */
  rate(at: number): number;
  /** How many in the minute that begins at this moment. */
  inMinute(minute: number): number;
}

const secondMs = 1_000;
export const minuteMs = 60_000;
/** Seconds and minutes that are remembered; what is older is only counted. */
const seconds = 180;
const minutes = 7 * 24 * 60;

const startOf = (at: number, ms: number): number => Math.floor(at / ms) * ms;

/** Buckets of one length, the newest so many of them. */
const buckets = (ms: number, atMost: number) => {
  const counts = new Map<number, number>();
  let newest = -Infinity;
  return {
    counts,
    add(at: number, by: number): void {
      const bucket = startOf(at, ms);
      counts.set(bucket, (counts.get(bucket) ?? 0) + by);
      newest = Math.max(newest, bucket);
      if (counts.size <= 2 * atMost) return;
      const oldest = newest - atMost * ms;
      for (const each of counts.keys()) if (each < oldest) counts.delete(each);
    },
  };
};

export const counter = (): Counter => {
  const bySecond = buckets(secondMs, seconds);
  const byMinute = buckets(minuteMs, minutes);
  let all = 0;
  return {
    add: (at, by = 1) => {
      bySecond.add(at, by);
      byMinute.add(at, by);
      all += by;
    },
    total: (at = Infinity) => {
      let later = 0;
      if (at === Infinity) return all;
      for (const [minute, count] of byMinute.counts) if (minute > at) later += count;
      return all - later;
    },
    rate: (at) => {
      const from = startOf(at, secondMs) - minuteMs;
      let count = 0;
      for (const [second, each] of bySecond.counts) {
        if (second > from && second <= at) count += each;
      }
      // Of an earlier hour only the minutes are remembered.
      return (count > 0 ? count : (byMinute.counts.get(startOf(at, minuteMs)) ?? 0)) / 60;
    },
    inMinute: (minute) => byMinute.counts.get(startOf(minute, minuteMs)) ?? 0,
  };
};

/** The value below which this share of the sorted values lies; null of none. */
export const percentile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
