import type { DeclaredFlow, OwnedPromise } from './declared.ts';
import type { Fact } from './fact.ts';

/** Somebody owes an answer, or has given it. */
export interface Duty {
  readonly owner: string;
  readonly promise: OwnedPromise;
  /** The fact that it is an answer to. */
  readonly on: Fact;
  /** When all that it needs was on the log, in milliseconds since 1970 UTC. */
  readonly since: number;
  readonly dueAt: number;
  readonly answer: Fact | undefined;
}

/** A promise that waits for a fact which nobody owes. */
export interface Wish {
  readonly promise: OwnedPromise;
  readonly on: Fact;
  readonly missing: string;
}

/** What is owed, and what has not yet come to that. */
export interface Owed {
  readonly duties: readonly Duty[];
  readonly wishes: readonly Wish[];
}

const earliest = (facts: readonly Fact[]): Fact | undefined =>
  facts.reduce<Fact | undefined>(
    (first, fact) => (first === undefined || fact.at < first.at ? fact : first),
    undefined,
  );

/**
 * What the services owe to a booking, by their promises. It depends on the set of facts only, and
 * on the log's clock only: whatever the order in which the monitor read them.
 * @param facts the booking's
 * @param section those about its section
 */
export const owedTo = (
  facts: readonly Fact[],
  section: readonly Fact[],
  { promises }: DeclaredFlow,
): Owed => {
  const byType = Map.groupBy([...section, ...facts], ({ type }) => type);
  const of = (type: string): readonly Fact[] => byType.get(type) ?? [];
  const duties: Duty[] = [];
  const wishes: Wish[] = [];
  for (const promise of promises) {
    const { owner, given, unless, oneOf, after, withinMs } = promise;
    if (!byType.has(promise.on) || unless.some((type) => byType.has(type))) continue;
    for (const on of of(promise.on)) {
      if (on.bookingId === null) continue;
      const missing = given.find((type) => !byType.has(type));
      if (missing !== undefined) {
        wishes.push({ promise, on, missing });
        continue;
      }
      const since = Math.max(on.at, ...given.map((type) => earliest(of(type))?.at ?? 0));
      const moment = after === undefined ? since : Date.parse(on.fields[after] ?? '');
      const answer = earliest(oneOf.flatMap(of).filter((fact) => fact !== on && fact.at >= since));
      const dueAt = Math.max(since, Number.isNaN(moment) ? since : moment) + withinMs;
      duties.push({ owner, promise, on, since, dueAt, answer });
    }
  }
  return { duties, wishes };
};

/** Whether it is owed at a moment and was due before. */
export const isOverdue = ({ answer, dueAt }: Duty, now: number): boolean =>
  answer === undefined && dueAt < now;
