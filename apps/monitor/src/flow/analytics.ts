import { isSettled } from '@ensemble/contracts';
import type { AnalyticsView } from '../views.ts';
import { type Booking, lastOf, startOf } from './booking.ts';
import type { Cause } from './causes.ts';
import { minuteMs, percentile } from './counter.ts';
import type { SeenTypes } from './edges.ts';
import type { Fact } from './fact.ts';
import { criticalPathOf } from './path.ts';

/** Facts after which a booking has come to an end. */
const endings = ['seat.refused', 'payment.failed', 'payment.refunded', 'ticket.generated'];
const minutesAtMost = 24 * 60;
const variantsAtMost = 50;

const sortedOf = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const at = (sorted: readonly number[], share: number): number => percentile(sorted, share) ?? 0;

/** Puts things of one kind together, by what `of` makes of each. */
const gather = <Thing>(things: Iterable<Thing>, keyOf: (thing: Thing) => string): Thing[][] => [
  ...Map.groupBy(things, keyOf).values(),
];

/** How long it took until a booking was decided, or until now. */
const lengthOf = (booking: Booking): number => {
  const ends = booking.facts.filter(({ type }) => endings.includes(type));
  const last = ends.at(-1) ?? lastOf(booking);
  return Math.max(0, (last?.at ?? 0) - startOf(booking));
};

const stepsOf = (
  bookings: readonly Booking[],
  causesOf: (booking: Booking) => ReadonlyMap<Fact, Cause>,
): AnalyticsView['steps'] => {
  const steps = bookings.flatMap((booking) =>
    [...causesOf(booking)].flatMap(([to, { fact: from }]) =>
      from === undefined || from.bookingId === null
        ? []
        : [{ from: from.type, to: to.type, ms: Math.max(0, to.at - from.at) }],
    ),
  );
  return gather(steps, ({ from, to }) => `${from} ${to}`)
    .map((group) => {
      const sorted = sortedOf(group.map(({ ms }) => ms));
      const { from = '', to = '' } = group[0] ?? {};
      return {
        from,
        to,
        count: group.length,
        p50: at(sorted, 0.5),
        p90: at(sorted, 0.9),
        p99: at(sorted, 0.99),
      };
    })
    .toSorted((a, b) => b.count - a.count);
};

const outcomesOf = (bookings: readonly Booking[]): AnalyticsView['outcomes'] =>
  gather(
    bookings.filter(({ state }) => isSettled(state)),
    ({ state }) => state,
  ).map((group) => {
    const sorted = sortedOf(group.map(lengthOf));
    const state = group[0]?.state ?? '';
    return { state, count: group.length, p50: at(sorted, 0.5), p99: at(sorted, 0.99) };
  });

const variantsOf = (bookings: readonly Booking[]): AnalyticsView['variants'] =>
  gather(bookings, ({ facts }) => facts.map(({ type }) => type).join())
    .map((group) => ({
      path: group[0]?.facts.map(({ type }) => type) ?? [],
      count: group.length,
      example: group[0]?.bookingId ?? '',
      p50: at(sortedOf(group.map(lengthOf)), 0.5),
    }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, variantsAtMost);

const criticalOf = (
  bookings: readonly Booking[],
  causesOf: (booking: Booking) => ReadonlyMap<Fact, Cause>,
): AnalyticsView['critical'] => {
  const hops = bookings.flatMap((booking) => criticalPathOf(booking.facts, causesOf(booking), []));
  const timeOf = (group: typeof hops): number =>
    group.reduce((sum, { publishMs, waitMs, workMs }) => sum + publishMs + waitMs + workMs, 0);
  const all = timeOf(hops);
  return gather(hops, ({ from, event, to }) => `${from} ${event} ${to}`)
    .map((group) => {
      const { from = '', event = '', to = '' } = group[0] ?? {};
      const share = all === 0 ? 0 : timeOf(group) / all;
      return { from, event, to, count: group.length, share };
    })
    .toSorted((a, b) => b.share - a.share);
};

const ratesOf = (seen: SeenTypes, from: number, to: number): AnalyticsView['rates'] => {
  const first = Math.max(from, to - minutesAtMost * minuteMs);
  const start = Math.floor(first / minuteMs) * minuteMs;
  const inMinute = (minute: number, types: readonly string[]): number =>
    types.reduce((sum, type) => sum + (seen.get(type)?.counter.inMinute(minute) ?? 0), 0);
  return Array.from({ length: Math.max(0, Math.ceil((to - start) / minuteMs)) }, (_, index) => {
    const minute = start + index * minuteMs;
    return {
      at: minute,
      started: inMinute(minute, ['booking.requested']),
      ended: inMinute(minute, endings),
      failed: inMinute(minute, ['payment.failed']),
    };
  });
};

/** How bookings that began within a time went: of those that are in memory. */
export const analyticsOf = (
  all: Iterable<Booking>,
  causesOf: (booking: Booking) => ReadonlyMap<Fact, Cause>,
  seen: SeenTypes,
  { from, to }: { from: number; to: number },
): AnalyticsView => {
  const bookings = [...all].filter((booking) => {
    const start = startOf(booking);
    return start >= from && start < to;
  });
  return {
    from,
    to,
    steps: stepsOf(bookings, causesOf),
    outcomes: outcomesOf(bookings),
    variants: variantsOf(bookings),
    critical: criticalOf(bookings, causesOf),
    rates: ratesOf(seen, from, to),
  };
};
