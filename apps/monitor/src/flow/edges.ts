import { type DurationSamples, samples } from './samples.ts';
import type { EdgeView, VerdictView } from '../views.ts';
import type { Booking } from './booking.ts';
import type { Counter } from './counter.ts';
import type { DeclaredFlow } from './declared.ts';
import type { Fact } from './fact.ts';
import { recentIds } from './recent-ids.ts';

const dayMs = 24 * 3_600_000;

/** Of a type of event, how often it was seen and when. */
export interface Seen {
  readonly counter: Counter;
  first: number;
  last: number;
}
/** By type of event. */
export type SeenTypes = ReadonlyMap<string, Seen>;

/** What is known of who works on which events. */
export interface Edges {
  /** A service worked on an event: it took so long from its decision, and waited so long. */
  worked(type: string, service: string, at: number, durationMs: number, waitMs: number): void;
  /** A service answered an event: it took so long from one decision to the other. */
  answered(on: Fact, answer: Fact): void;
  /** A service has shown at a moment that it hears a type. */
  heard(type: string, service: string, at: number): void;
  view(flow: DeclaredFlow, seen: SeenTypes, bookings: Iterable<Booking>, at: number): EdgeView[];
  /** Edges that are declared, and of which nothing is seen though their event is. */
  dead(flow: DeclaredFlow, seen: SeenTypes, now: number): VerdictView[];
}

/** So many answers are known by name, so that each counts once. */
const answersKnown = 50_000;

const keyOf = (type: string, service: string): string => `${type} ${service}`;

/** Who says what to whom without having declared it, and how often. */
const strangersIn = (bookings: Iterable<Booking>, flow: DeclaredFlow): EdgeView[] => {
  const counts = new Map<string, { from: string; event: string; to: string; count: number }>();
  for (const { facts, section, verdicts } of bookings) {
    if (!verdicts.some(({ kind }) => kind === 'undeclared edge')) continue;
    const known = new Map([...section, ...facts].map((fact) => [fact.id, fact]));
    for (const { causationId, service: to } of facts) {
      const cause = known.get(causationId);
      if (cause === undefined || flow.services.get(to)?.hears.includes(cause.type)) continue;
      const { service: from, type: event } = cause;
      const key = keyOf(event, to);
      counts.set(key, { from, event, to, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  const none = { p50: null, p99: null, count: 0 };
  return [...counts.values()].map((each) => ({
    ...each,
    state: 'undeclared',
    rate: 0,
    duration: none,
    wait: none,
  }));
};

/** @param quietDays so long an edge may show nothing before it counts as dead */
export const edges = ({ quietDays }: { quietDays: number }): Edges => {
  const durations = new Map<string, DurationSamples>();
  const waits = new Map<string, DurationSamples>();
  /** By the log's times, for what leaves no spans. */
  const answers = new Map<string, DurationSamples>();
  const answersMet = recentIds(answersKnown);
  const evidence = new Map<string, number>();
  const of = (all: Map<string, DurationSamples>, key: string): DurationSamples => {
    const known = all.get(key) ?? samples();
    all.set(key, known);
    return known;
  };
  const heard: Edges['heard'] = (type, service, at) => {
    const key = keyOf(type, service);
    evidence.set(key, Math.max(at, evidence.get(key) ?? 0));
  };

  return {
    heard,
    worked: (type, service, at, durationMs, waitMs) => {
      const key = keyOf(type, service);
      of(durations, key).add(at, durationMs);
      of(waits, key).add(at, waitMs);
      heard(type, service, at);
    },
    answered: (on, answer) => {
      const { service, at } = answer;
      heard(on.type, service, at);
      if (!answersMet.meet(`${on.id} ${answer.id}`)) return;
      of(answers, keyOf(on.type, service)).add(at, Math.max(0, answer.time - on.time));
    },
    view: (flow, seen, bookings, at) => [
      ...flow.edges.map(({ from, event, to }): EdgeView => {
        const key = keyOf(event, to);
        const counter = seen.get(event)?.counter;
        const count = counter?.total(at) ?? 0;
        const worked = of(durations, key).at(at);
        return {
          from,
          event,
          to,
          state: count > 0 ? 'seen' : 'ghost',
          count,
          rate: counter?.rate(at) ?? 0,
          duration: worked.count > 0 ? worked : of(answers, key).at(at),
          wait: of(waits, key).at(at),
        };
      }),
      ...strangersIn(bookings, flow),
    ],
    dead: (flow, seen, now) =>
      flow.edges.flatMap(({ event, to }): VerdictView[] => {
        const since = now - quietDays * dayMs;
        const known = seen.get(event);
        if (known === undefined || known.last < since || known.first > since) return [];
        const last = evidence.get(keyOf(event, to)) ?? known.first;
        if (last >= since) return [];
        const sentence = `${to} declares that it hears ${event}, and has shown nothing of it for ${quietDays} days.`;
        return [{ kind: 'dead edge', sentence, at: last + quietDays * dayMs, service: to, event }];
      }),
  };
};
