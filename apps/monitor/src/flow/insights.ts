import type { InsightView } from '../views.ts';
import type { Fact } from './fact.ts';
import type { Burst, Hoard, Rule, Scope, Silence } from './rules.ts';
import { clockTime, duration, oneOfThese } from './words.ts';

/** What rules about many events find. */
export interface Insights {
  /** Takes in a fact, once. @param customer whose it is, if that is known */
  record(fact: Fact, customer: string | null): void;
  /** Brings time forward. */
  tick(now: number): void;
  /** What was found, what is open first. */
  view(): InsightView[];
}

/** What one rule knows of one customer, booking or section. */
interface Watched {
  record(fact: Fact): void;
  /** What is found at a moment, in a sentence and with its bookings; undefined if nothing is. */
  find(now: number): { sentence: string; bookings: readonly string[]; since: number } | undefined;
  /** Nothing is left that could lead to anything. */
  isIdle(now: number): boolean;
}

/** Facts that wait for an answer; the earliest tell enough. */
const waitingAtMost = 1_000;

const bookingsOf = (facts: readonly Fact[]): string[] => [
  ...new Set(facts.flatMap(({ bookingId }) => bookingId ?? [])),
];

const burst = ({ event, atLeast, withinMs, by }: Burst): Watched => {
  let facts: Fact[] = [];
  return {
    record: (fact) => {
      if (fact.type === event) facts.push(fact);
    },
    find: (now) => {
      facts = facts.filter(({ at }) => at > now - withinMs);
      if (facts.length < atLeast) return undefined;
      const sentence = `${facts.length} times ${event} of one ${by} within ${duration(withinMs)}.`;
      const since = facts.toSorted((a, b) => a.at - b.at)[atLeast - 1]?.at ?? now;
      return { sentence, bookings: bookingsOf(facts), since };
    },
    isIdle: (now) => facts.every(({ at }) => at <= now - withinMs),
  };
};

const hoard = ({ event, until, atLeast, by }: Hoard): Watched => {
  const held = new Map<string, Fact>();
  const over = new Set<string>();
  return {
    record: (fact) => {
      const { type, bookingId } = fact;
      if (bookingId === null) return;
      if (until.includes(type)) {
        over.add(bookingId);
        held.delete(bookingId);
      } else if (type === event && !over.has(bookingId)) held.set(bookingId, fact);
    },
    find: (now) => {
      const facts = [...held.values()];
      const seats = facts.reduce((sum, each) => sum + each.seats.length, 0);
      if (seats < atLeast) return undefined;
      const sentence = `One ${by} holds ${seats} seats in ${facts.length} bookings.`;
      const since = Math.max(...facts.map(({ at }) => at));
      return { sentence, bookings: bookingsOf(facts), since: Math.min(since, now) };
    },
    isIdle: () => held.size === 0,
  };
};

const silence = ({ event, never, withinMs }: Silence): Watched => {
  let facts: Fact[] = [];
  let answeredAt = -Infinity;
  const drop = (): void => {
    facts = facts.filter(({ at }) => at > answeredAt);
  };
  return {
    record: (fact) => {
      if (never.includes(fact.type)) answeredAt = Math.max(answeredAt, fact.at);
      if (fact.type === event && facts.length < waitingAtMost) facts.push(fact);
    },
    find: (now) => {
      drop();
      const first = Math.min(...facts.map(({ at }) => at));
      if (facts.length === 0 || now < first + withinMs) return undefined;
      const said = oneOfThese(never);
      const sentence = `No ${said} since ${event} of ${clockTime(first)}, for ${duration(withinMs)} and more.`;
      return { sentence, bookings: bookingsOf(facts), since: first + withinMs };
    },
    isIdle: () => facts.length === 0,
  };
};

const watch = (rule: Rule): Watched => {
  if (rule.kind === 'burst') return burst(rule);
  return rule.kind === 'hoard' ? hoard(rule) : silence(rule);
};

const typesOf = (rule: Rule): readonly string[] => {
  if (rule.kind === 'burst') return [rule.event];
  return rule.kind === 'hoard' ? [rule.event, ...rule.until] : [rule.event, ...rule.never];
};

const subjectOf = (by: Scope, { bookingId, key }: Fact, customer: string | null): string | null => {
  if (by === 'all') return 'all';
  if (by === 'section') return key;
  return by === 'booking' ? bookingId : customer;
};

/** How many insights that have ended are remembered, and how many bookings one shows. */
const endedAtMost = 200;
const evidenceAtMost = 50;

/** @param rules what to look for */
export const insights = (rules: readonly Rule[]): Insights => {
  const watched = new Map<Rule, Map<string, Watched>>(rules.map((rule) => [rule, new Map()]));
  const open = new Map<string, InsightView>();
  const ended: InsightView[] = [];

  return {
    record: (fact, customer) => {
      for (const [rule, subjects] of watched) {
        if (!typesOf(rule).includes(fact.type)) continue;
        const subject = subjectOf(rule.by, fact, customer);
        if (subject === null) continue;
        const known = subjects.get(subject) ?? watch(rule);
        subjects.set(subject, known);
        known.record(fact);
      }
    },
    tick: (now) => {
      for (const [rule, subjects] of watched) {
        for (const [subject, each] of subjects) {
          const key = `${rule.name} ${subject}`;
          const found = each.find(now);
          const before = open.get(key);
          if (found !== undefined) {
            const { sentence, bookings } = found;
            const since = before?.since ?? found.since;
            open.set(key, {
              rule: rule.name,
              sentence,
              since,
              endedAt: null,
              bookings: bookings.slice(-evidenceAtMost),
            });
          } else if (before !== undefined) {
            open.delete(key);
            ended.unshift({ ...before, endedAt: now });
            ended.length = Math.min(ended.length, endedAtMost);
          }
          if (each.isIdle(now)) subjects.delete(subject);
        }
      }
    },
    view: () => [...[...open.values()].toSorted((a, b) => b.since - a.since), ...ended],
  };
};
