import {
  type Booking,
  bookingOf,
  type DeadFact,
  type Sign,
  type Standing,
  standingOf,
} from './booking.ts';
import type { DeclaredFlow } from './declared.ts';
import { departed } from './departed.ts';
import type { Fact } from './fact.ts';
import type { Created } from './proof.ts';
import type { Told } from './signs.ts';

/** What is held of a booking while there is room for it. */
interface Held {
  readonly bookingId: string;
  readonly facts: Map<string, Fact>;
  readonly dead: Map<string, DeadFact>;
  readonly signs: Map<string, Sign>;
  /** By event, what its span says of it. */
  readonly created: Map<string, Created>;
  booking: Booking | undefined;
}

/** Bookings in memory, whole; the oldest that are over make room for new ones. */
export interface Holding {
  /** @returns whether the fact was not known */
  fact(fact: Fact): boolean;
  dead(letter: DeadFact): void;
  /** A dead letter is none any more. */
  revive(position: string): void;
  told(told: Told): void;
  created(bookingId: string, eventId: string, created: Created): void;
  /** The flow is another one now. */
  declared(flow: DeclaredFlow): void;
  /** A booking as it was at a moment; undefined if it is not here. */
  booking(bookingId: string, at?: number): Booking | undefined;
  /** The facts of a booking, in no order. */
  factsOf(bookingId: string): readonly Fact[];
  /** All that are here, in the order in which they were heard of. */
  bookings(at?: number): Iterable<Booking>;
  /** Bookings of which something new is known since this was asked last. */
  fresh(): Iterable<Booking>;
  createdOf(bookingId: string): ReadonlyMap<string, Created>;
  /** Facts about a section. */
  section(key: string): Iterable<Fact>;
  /** Lets go of what there is no room for. */
  trim(now: number): void;
  /** States of the bookings that were let go, and how many had come to each up to a moment. */
  gone(at?: number): ReadonlyMap<string, number>;
  /** Bookings that were let go and of which something was heard since. */
  wants(): string[];
}

/** So long after its last fact a booking is kept, whatever room there is. */
const restMs = 60_000;
/** So many times the bookings that there is room for, and those that are not over go too. */
const direAt = 5;
/** When there is no room left, some is made for those that come next. */
const roomLeft = 0.95;
/** @param limit how many bookings are kept */
export const holding = ({ limit }: { limit: number }): Holding => {
  const all = new Map<string, Held>();
  const sections = new Map<string, Map<string, Fact>>();
  const byKey = new Map<string, Set<Held>>();
  const letters = new Map<string, string>();
  const gone = departed();
  const wanted = new Set<string>();
  const changed = new Set<Held>();
  let flow: DeclaredFlow | undefined;

  const change = (held: Held): void => {
    held.booking = undefined;
    changed.add(held);
  };

  const hold = (bookingId: string): Held => {
    const known = all.get(bookingId);
    if (known !== undefined) return known;
    if (gone.returns(bookingId)) wanted.add(bookingId);
    const held: Held = {
      bookingId,
      facts: new Map(),
      dead: new Map(),
      signs: new Map(),
      created: new Map(),
      booking: undefined,
    };
    all.set(bookingId, held);
    return held;
  };

  const put = (facts: Map<string, Fact>, fact: Fact): boolean => {
    const before = facts.get(fact.id);
    // Of copies the first one on the log counts.
    if (before !== undefined && before.at <= fact.at) return false;
    facts.set(fact.id, fact);
    return true;
  };

  const look = (held: Held, at?: number): Booking | undefined => {
    if (flow === undefined) return undefined;
    const known = {
      bookingId: held.bookingId,
      facts: held.facts.values(),
      section: sectionOf(held),
      dead: held.dead.values(),
      signs: held.signs.values(),
    };
    if (at !== undefined) return bookingOf(known, flow, at);
    held.booking ??= bookingOf(known, flow);
    return held.booking;
  };
  const sectionOf = ({ facts }: Held): Iterable<Fact> => {
    const [first] = facts.values();
    return sections.get(first?.key ?? '')?.values() ?? [];
  };

  const letGo = (held: Held, booking: Booking | undefined): void => {
    all.delete(held.bookingId);
    // Spans named it, and the log never did.
    if (booking === undefined) return;
    const { key, state, last } = booking;
    byKey.get(key)?.delete(held);
    for (const position of held.dead.keys()) letters.delete(position);
    gone.leaves(held.bookingId, state, last.at);
  };

  return {
    gone: gone.counts,
    fact: (fact) => {
      const { bookingId, key } = fact;
      if (bookingId === null) {
        const facts = sections.get(key) ?? new Map<string, Fact>();
        sections.set(key, facts);
        const isNew = !facts.has(fact.id);
        if (put(facts, fact)) for (const held of byKey.get(key) ?? []) change(held);
        return isNew;
      }
      const held = hold(bookingId);
      const isNew = !held.facts.has(fact.id);
      if (put(held.facts, fact)) change(held);
      const neighbours = byKey.get(key) ?? new Set<Held>();
      byKey.set(key, neighbours.add(held));
      return isNew;
    },
    dead: (letter) => {
      if (letter.bookingId === null) return;
      const held = hold(letter.bookingId);
      held.dead.set(letter.position, letter);
      change(held);
      letters.set(letter.position, letter.bookingId);
    },
    revive: (position) => {
      const held = all.get(letters.get(position) ?? '');
      held?.dead.delete(position);
      if (held !== undefined) change(held);
    },
    told: ({ bookingId, key, at, sign }) => {
      if (gone.has(bookingId)) return;
      const held = hold(bookingId);
      if ((held.signs.get(key)?.at ?? -Infinity) > at) return;
      if (sign !== null) held.signs.set(key, sign);
      else if (!held.signs.delete(key)) return;
      change(held);
    },
    created: (bookingId, eventId, created) => {
      if (!gone.has(bookingId)) hold(bookingId).created.set(eventId, created);
    },
    declared: (now) => {
      flow = now;
      for (const held of all.values()) change(held);
    },
    booking: (bookingId, at) => {
      const held = all.get(bookingId);
      return held && look(held, at);
    },
    factsOf: (bookingId) => [...(all.get(bookingId)?.facts.values() ?? [])],
    bookings: function* (at) {
      for (const held of all.values()) {
        const booking = look(held, at);
        if (booking !== undefined) yield booking;
      }
    },
    fresh: function* () {
      const some = [...changed];
      changed.clear();
      for (const held of some) {
        const booking = look(held);
        if (booking !== undefined) yield booking;
      }
    },
    createdOf: (bookingId) => all.get(bookingId)?.created ?? new Map(),
    section: (key) => sections.get(key)?.values() ?? [],
    trim: (now) => {
      if (all.size <= limit) return;
      const excess = all.size - Math.floor(limit * roomLeft);
      const isDire = all.size > limit * direAt;
      const candidates = [...all.values()].flatMap((held) => {
        if (wanted.has(held.bookingId)) return [];
        const booking = look(held);
        const rank = booking === undefined ? 0 : rankOf(booking, now, isDire);
        return rank === null ? [] : [{ held, booking, rank }];
      });
      candidates.sort((a, b) => a.rank - b.rank);
      for (const { held, booking } of candidates.slice(0, excess)) letGo(held, booking);
    },
    wants: () => {
      const ids = [...wanted];
      wanted.clear();
      return ids;
    },
  };
};

const ranks: Readonly<Record<Standing, number>> = { finished: 1, open: 2, troubled: 3 };

/**
 * In which order bookings make room: those that went well first; null: not yet. Who is not over is
 * what people look for: it goes only when there is no other way.
 */
const rankOf = (booking: Booking, now: number, isDire: boolean): number | null => {
  if (booking.last.at > now - restMs) return null;
  const standing = standingOf(booking, now);
  return standing === 'finished' || isDire ? ranks[standing] : null;
};
