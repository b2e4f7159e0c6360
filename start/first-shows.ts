import type { Gateway } from '@ensemble/gateway/open';

type Show = Parameters<Gateway['openShow']>[0];
type Section = Show['sections'][number];

const dayMs = 86_400_000;

/** Rows A, B, C, … of so many seats each. */
const section = (name: string, euros: number, rows: number, seats: number): Section => ({
  section: name,
  price: { amount: euros * 100, currency: 'EUR' },
  rows: Array.from({ length: rows }, (_, index) => ({
    row: String.fromCharCode('A'.charCodeAt(0) + index),
    from: 1,
    to: seats,
  })),
});

/** In the evening, so many days from a moment: the same for the same moment. */
const evening = (from: number, days: number, hour: number): string => {
  const midnight = Math.floor(from / dayMs) * dayMs;
  return new Date(midnight + days * dayMs + hour * 3_600_000).toISOString();
};

/**
 * What is on sale from the first start: 3 shows, 700 seats.
 * @param firstStart when that was, in milliseconds since 1970 UTC
 */
export const firstShows = (firstStart: number): readonly Show[] => [
  {
    showId: 'hamlet',
    title: 'Hamlet',
    venue: 'Globe',
    startsAt: evening(firstStart, 30, 19),
    sections: [section('stalls', 45, 12, 20), section('balcony', 30, 6, 20)],
  },
  {
    showId: 'magic-flute',
    title: 'Die Zauberflöte',
    venue: 'Opera',
    startsAt: evening(firstStart, 45, 18),
    sections: [section('parquet', 90, 10, 18), section('gallery', 25, 5, 16)],
  },
  {
    showId: 'late-jazz',
    title: 'Late Jazz',
    venue: 'Blue Cellar',
    startsAt: evening(firstStart, 14, 21),
    sections: [section('tables', 20, 8, 10)],
  },
];
