import { bookingStates, isSettled } from '@ensemble/contracts';
import type { Counter, Histogram, Registry, Sample } from '@ensemble/telemetry';
import type { MapView, StuckView, VerdictKind } from './views.ts';

const settled = new Set<string>(bookingStates.filter(isSettled));

const verdictKinds: Readonly<Record<VerdictKind, true>> = {
  'undeclared edge': true,
  'missing reaction': true,
  late: true,
  'exclusive branches': true,
  'duplicate effect': true,
  'orphan publish': true,
  'dead edge': true,
  'version drift': true,
};

/** What the monitor knows, as far as metrics go: asked when somebody looks. */
export interface Watched {
  readonly map: () => Pick<MapView, 'services' | 'totals'>;
  readonly stuck: () => Pick<StuckView, 'groups'>;
}

/** What the monitor tells when it comes to know it. */
export interface FlowMeters {
  /** A booking ended so many milliseconds after it began. */
  readonly ended: (outcome: string, tookMs: number) => void;
  readonly verdict: (kind: VerdictKind) => void;
}

/** From a customer who waits for the page to a hold that runs out, in seconds. */
const durations = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

/** Shows the flow of all bookings as metrics; no booking is ever named by one. */
export const watchFlow = (registry: Registry, { map, stuck }: Watched): FlowMeters => {
  registry.gauge(
    { name: 'flow.bookings.active', help: 'Bookings that have not ended.', labels: ['state'] },
    () =>
      Object.entries(map().totals.byState)
        .filter(([state]) => !settled.has(state))
        .map(([state, count]): Sample => [[state], count]),
  );
  registry.gauge(
    {
      name: 'flow.bookings.stuck',
      help: 'Bookings whose next step is overdue, by who owes it to what, and what is suspected.',
      labels: ['step', 'suspect'],
    },
    () =>
      stuck().groups.map(({ owner, on, suspect, bookings }): Sample => [
        [`${owner}: ${on}`, suspect],
        bookings.length,
      ]),
  );
  registry.gauge(
    {
      name: 'flow.dead_letters',
      help: 'Dead letters that wait for somebody.',
      labels: ['service'],
    },
    () => map().services.map(({ name, dead }): Sample => [[name], dead]),
  );
  const one = (name: string, help: string, value: () => number | undefined): void =>
    registry.gauge({ name, help, labels: [] }, () => {
      const found = value();
      return found === undefined ? [] : [[[], found]];
    });
  one(
    'flow.ledger.behind',
    'Records of the log that the ledger has not taken in yet.',
    () => map().totals.behind,
  );
  one('flow.trace.rebuild_ratio', 'Bookings whose spans tell the flow that the log tells.', () => {
    const { proven } = map().totals;
    return proven === null || proven.checked === 0 ? undefined : proven.equal / proven.checked;
  });

  const ended: Counter = registry.counter({
    name: 'flow.bookings',
    help: 'Bookings that ended.',
    labels: ['outcome'],
  });
  const took: Histogram = registry.histogram({
    name: 'flow.booking.duration',
    unit: 's',
    help: 'From requested to the end.',
    labels: ['outcome'],
    buckets: durations,
  });
  const verdict = registry.counter({
    name: 'flow.conformance.verdicts',
    help: 'Bookings and events that did not go as declared.',
    labels: ['kind'],
  });
  // An increase from nothing is none: each kind is there from the beginning.
  for (const kind of Object.keys(verdictKinds)) verdict([kind], 0);
  return {
    ended: (outcome, tookMs) => {
      ended([outcome]);
      took([outcome], tookMs / 1000);
    },
    verdict: (kind) => verdict([kind]),
  };
};
