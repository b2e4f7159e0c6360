/** Who or what a rule counts for: each customer, each booking, each section, or all together. */
export type Scope = 'customer' | 'booking' | 'section' | 'all';

/** Many of an event within a time: `n` declines of one customer. */
export interface Burst {
  readonly kind: 'burst';
  readonly name: string;
  readonly event: string;
  readonly by: Scope;
  readonly atLeast: number;
  readonly withinMs: number;
}

/** Much that is held at once: seats that one customer keeps from the others. */
export interface Hoard {
  readonly kind: 'hoard';
  readonly name: string;
  /** Seats of this event are held until one of `until`. */
  readonly event: string;
  readonly until: readonly string[];
  readonly by: Scope;
  /** Seats. */
  readonly atLeast: number;
}

/** Something that fails to come: none of `never` within a time after `event`. */
export interface Silence {
  readonly kind: 'silence';
  readonly name: string;
  readonly event: string;
  readonly never: readonly string[];
  readonly by: Scope;
  readonly withinMs: number;
}

/** A rule about many events, as data. */
export type Rule = Burst | Hoard | Silence;

const minuteMs = 60_000;

/** What the monitor looks for unless it is told otherwise. */
export const defaultRules: readonly Rule[] = [
  {
    kind: 'burst',
    name: 'many declines of one customer',
    event: 'payment.declined',
    by: 'customer',
    atLeast: 5,
    withinMs: 10 * minuteMs,
  },
  {
    kind: 'hoard',
    name: 'seats hoarded by one customer',
    event: 'seat.reserved',
    until: ['seat.sold', 'seat.released'],
    by: 'customer',
    atLeast: 24,
  },
  {
    kind: 'silence',
    name: 'payment is silent',
    event: 'seat.reserved',
    never: ['payment.received', 'payment.declined', 'payment.failed'],
    by: 'all',
    withinMs: minuteMs,
  },
];
