import { type BookingState, isSettled } from '@ensemble/contracts';
import type { AnalyticsView, HopView } from '../views.ts';
import type { Booking } from './booking.ts';
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

/** What analytics make of one booking. */
export interface Digest {
  readonly bookingId: string;
  readonly state: BookingState;
  /** How long it took until it was decided, or until now. */
  readonly lengthMs: number;
  readonly path: readonly string[];
  readonly steps: readonly { readonly from: string; readonly to: string; readonly ms: number }[];
  readonly hops: readonly (Pick<HopView, 'from' | 'event' | 'to'> & { readonly ms: number })[];
}

export const digestOf = (booking: Booking, causes: ReadonlyMap<Fact, Cause>): Digest => {
  const { bookingId, state, facts, startedAt, last } = booking;
  const end = facts.findLast(({ type }) => endings.includes(type)) ?? last;
  return {
    bookingId,
    state,
    lengthMs: end.at - startedAt,
    path: facts.map(({ type }) => type),
    steps: [...causes].flatMap(([to, { fact: from }]) =>
      from === undefined || from.bookingId === null
        ? []
        : [{ from: from.type, to: to.type, ms: Math.max(0, to.at - from.at) }],
    ),
    hops: criticalPathOf(facts, causes, []).map(
      ({ from, event, to, publishMs, waitMs, workMs }) => ({
        from,
        event,
        to,
        ms: publishMs + waitMs + workMs,
      }),
    ),
  };
};

const stepsOf = (digests: readonly Digest[]): AnalyticsView['steps'] =>
  gather(
    digests.flatMap(({ steps }) => steps),
    ({ from, to }) => `${from} ${to}`,
  )
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

const outcomesOf = (digests: readonly Digest[]): AnalyticsView['outcomes'] =>
  gather(
    digests.filter(({ state }) => isSettled(state)),
    ({ state }) => state,
  ).map((group) => {
    const sorted = sortedOf(group.map(({ lengthMs }) => lengthMs));
    const state = group[0]?.state ?? '';
    return { state, count: group.length, p50: at(sorted, 0.5), p99: at(sorted, 0.99) };
  });

const variantsOf = (digests: readonly Digest[]): AnalyticsView['variants'] =>
  gather(digests, ({ path }) => path.join())
    .map((group) => ({
      path: group[0]?.path ?? [],
      count: group.length,
      example: group[0]?.bookingId ?? '',
      p50: at(sortedOf(group.map(({ lengthMs }) => lengthMs)), 0.5),
    }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, variantsAtMost);

const criticalOf = (digests: readonly Digest[]): AnalyticsView['critical'] => {
  const hops = digests.flatMap((digest) => digest.hops);
  const timeOf = (group: typeof hops): number => group.reduce((sum, { ms }) => sum + ms, 0);
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

/** So many bookings are digested before others have their turn. */
const sliceLength = 250;

/**
 * How bookings that began within a time went: of those that are in memory. It stops again and again
 * to let others have their turn, and goes on when it is asked to.
 */
export function* analyticsOf(
  all: Iterable<Booking>,
  digestOf: (booking: Booking) => Digest,
  seen: SeenTypes,
  { from, to }: { from: number; to: number },
): Generator<void, AnalyticsView> {
  const bookings = [...all].filter(({ startedAt }) => startedAt >= from && startedAt < to);
  const digests: Digest[] = [];
  for (const booking of bookings) {
    digests.push(digestOf(booking));
    if (digests.length % sliceLength === 0) yield;
  }
  const steps = stepsOf(digests);
  yield;
  const critical = criticalOf(digests);
  yield;
  const outcomes = outcomesOf(digests);
  const variants = variantsOf(digests);
  return { from, to, steps, outcomes, variants, critical, rates: ratesOf(seen, from, to) };
}
