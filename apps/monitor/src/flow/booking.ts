import { inOrder } from '@ensemble/choreography';
import { type BookingState, isSettled, type Money, stateOf } from '@ensemble/contracts';
import type { BookingRow, VerdictView } from '../views.ts';
import type { DeclaredFlow } from './declared.ts';
import { type Duty, isOverdue, type Owed, owedTo } from './duties.ts';
import { countIn, type Fact } from './fact.ts';
import { verdictsOf } from './verdicts.ts';

/** A letter among a service's dead letters. */
export interface DeadFact {
  readonly service: string;
  readonly at: number;
  /** Where it stands among the dead letters. */
  readonly position: string;
  readonly reason: string;
  /** The id of the event, if it was one. */
  readonly eventId: string | null;
  readonly type: string | null;
  readonly bookingId: string | null;
}

/** What a span told of a booking's trouble, until another tells that it is over. */
export interface Sign {
  readonly service: string;
  readonly kind: 'parked' | 'failed';
  /** The event that is parked, or the to-do that failed. */
  readonly about: string;
  readonly reaches: string | undefined;
  readonly reason: string;
  readonly at: number;
}

/** A booking as it was at a moment. */
export interface Booking {
  readonly bookingId: string;
  readonly key: string;
  /** In the order of causation and sequence. */
  readonly facts: readonly Fact[];
  readonly section: readonly Fact[];
  readonly dead: readonly DeadFact[];
  readonly signs: readonly Sign[];
  readonly state: BookingState;
  readonly total: Money | null;
  readonly owed: Owed;
  /** When the next answer is due; Infinity if none is owed. */
  readonly nextDueAt: number;
  /** Verdicts that do not depend on what time it is. */
  readonly verdicts: readonly VerdictView[];
}

/** What is known of a booking, in whatever order it came. */
export interface Known {
  readonly bookingId: string;
  readonly facts: Iterable<Fact>;
  readonly section: Iterable<Fact>;
  readonly dead: Iterable<DeadFact>;
  readonly signs: Iterable<Sign>;
}

const totalOf = (facts: readonly Fact[]): Money | null =>
  facts.find(({ type }) => type === 'seat.reserved')?.money ??
  facts.find(({ type }) => type === 'payment.received')?.money ??
  null;

/** A booking as it was at a moment, by default with all that is known; undefined before it began. */
export const bookingOf = (
  { bookingId, facts, section, dead, signs }: Known,
  flow: DeclaredFlow,
  at: number = Infinity,
): Booking | undefined => {
  const isKnown = (each: { readonly at: number }): boolean => each.at <= at;
  const known = inOrder([...facts].filter(isKnown));
  const [first] = known;
  if (first === undefined) return undefined;
  const around = [...section].filter(isKnown);
  const owed = owedTo(known, around, flow);
  return {
    bookingId,
    key: first.key,
    facts: known,
    section: around,
    dead: [...dead].filter(isKnown),
    signs: [...signs].filter(isKnown),
    state: stateOf(countIn(known)),
    total: totalOf(known),
    owed,
    nextDueAt: Math.min(
      ...owed.duties.flatMap(({ answer, dueAt }) => (answer === undefined ? dueAt : [])),
    ),
    verdicts: verdictsOf({ bookingId, facts: known, section: around, owed }, flow),
  };
};

/** What is still owed to it. */
export const openDuties = ({ owed }: Booking): readonly Duty[] =>
  owed.duties.filter(({ answer }) => answer === undefined);

/** What is owed to it and overdue. */
export const overdueDuties = ({ owed, nextDueAt }: Booking, now: number): readonly Duty[] =>
  nextDueAt < now ? owed.duties.filter((duty) => isOverdue(duty, now)) : [];

/** Nothing more will happen to it unless its customer acts. */
export const isFinal = (booking: Booking): boolean =>
  isSettled(booking.state) && booking.nextDueAt === Infinity;

/** The newest fact, as the log received them. */
export const lastOf = ({ facts }: Booking): Fact | undefined =>
  facts.reduce<Fact | undefined>(
    (last, fact) => (last === undefined || fact.at >= last.at ? fact : last),
    undefined,
  );

/** When it began: when the log received the first of its facts. */
export const startOf = ({ facts }: Booking): number => Math.min(...facts.map(({ at }) => at));

/** A booking as a row of a list. */
export const rowOf = (booking: Booking, now: number): BookingRow => {
  const { bookingId, key, facts, state, total, verdicts } = booking;
  const last = lastOf(booking);
  const overdue = overdueDuties(booking, now).length;
  return {
    bookingId,
    state,
    place: key,
    seats: facts.find(({ seats }) => seats.length > 0)?.seats ?? [],
    total,
    startedAt: startOf(booking),
    lastAt: last?.at ?? 0,
    lastEvent: last?.type ?? '',
    isFinal: isFinal(booking),
    isStuck: overdue > 0,
    verdicts: verdicts.length + overdue,
  };
};
