import type { MapView, MoneyView, ServiceView, TotalsView } from '../views.ts';
import { type Booking, isFinal, overdueDuties } from './booking.ts';
import type { Counter } from './counter.ts';
import type { DeclaredFlow } from './declared.ts';
import type { Edges, SeenTypes } from './edges.ts';
import type { Lags } from './suspect.ts';
import { sumOf } from './words.ts';

/** What the ledger and the collector say of themselves. */
export interface Health {
  /** How far the ledger is behind the log, in records. */
  readonly behind: number;
  readonly spans: { readonly kept: number; readonly dropped: number };
}

/** What a map is drawn of. */
export interface Drawn {
  readonly flow: DeclaredFlow;
  readonly edges: Edges;
  readonly seen: SeenTypes;
  readonly topics: ReadonlyMap<string, Counter>;
  readonly bookings: readonly Booking[];
  /** How many bookings are over and no longer in memory, by state. */
  readonly gone: ReadonlyMap<string, number>;
  readonly lags: Lags;
  /** By service, its dead letters. */
  readonly dead: ReadonlyMap<string, number>;
  readonly health: Health;
  readonly proven: TotalsView['proven'];
  /** Verdicts about the flow rather than a booking. */
  readonly verdicts: number;
}

const servicesOf = ({ flow, bookings, lags, dead }: Drawn): ServiceView[] => {
  const parked = new Map<string, number>();
  const strangers = new Set<string>();
  for (const { signs, facts } of bookings) {
    for (const { service, kind } of signs) {
      if (kind === 'parked') parked.set(service, (parked.get(service) ?? 0) + 1);
    }
    for (const { service } of facts) if (!flow.services.has(service)) strangers.add(service);
  }
  return [...flow.services.keys(), ...strangers].map((name) => {
    const declared = flow.services.get(name);
    const { lag = 0, standsSince = null } = lags.get(name) ?? {};
    return {
      name,
      version: declared?.version ?? null,
      lag,
      standsSince,
      parked: parked.get(name) ?? 0,
      dead: dead.get(name) ?? 0,
      toDos: declared?.toDos ?? [],
    };
  });
};

const waitingOf = (bookings: readonly Booking[]): Record<string, MoneyView[]> => {
  const waiting = bookings.filter(
    (booking) => !isFinal(booking) && booking.state !== 'paid' && booking.state !== 'ticketed',
  );
  const byState = Map.groupBy(waiting, ({ state }) => state);
  return Object.fromEntries(
    [...byState].map(([state, group]) => [state, sumOf(group.map(({ total }) => total))]),
  );
};

const totalsOf = (drawn: Drawn, at: number): TotalsView => {
  const { bookings, gone, seen, health, proven, verdicts } = drawn;
  const byState = new Map(gone);
  for (const { state } of bookings) byState.set(state, (byState.get(state) ?? 0) + 1);
  const overdue = bookings.map((booking) => overdueDuties(booking, at).length);
  const found = bookings.reduce((sum, booking) => sum + booking.verdicts.length, 0);
  return {
    bookings: [...byState.values()].reduce((sum, count) => sum + count, 0),
    byState: Object.fromEntries([...byState].filter(([, count]) => count > 0)),
    stuck: overdue.filter((count) => count > 0).length,
    waiting: waitingOf(bookings),
    rate: (seen.get('booking.requested')?.counter.rate(at) ?? 0) * 60,
    verdicts: verdicts + found + overdue.reduce((sum, count) => sum + count, 0),
    proven,
    ...health,
  };
};

/** Services and topics, what flows between them, and how all of it stands at a moment. */
export const mapOf = (drawn: Drawn, at: number): MapView => ({
  at,
  services: servicesOf(drawn),
  topics: [...drawn.topics]
    .map(([name, counter]) => ({ name, records: counter.total(at), rate: counter.rate(at) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  edges: drawn.edges.view(drawn.flow, drawn.seen, drawn.bookings, at),
  totals: totalsOf(drawn, at),
});
