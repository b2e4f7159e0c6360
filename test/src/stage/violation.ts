/** What must always hold (design.md, 7), in short. */
export const invariants = {
  seats: 'a seat is never held or sold twice at one time, and never has two valid tickets',
  money: 'every captured charge has a valid ticket or a refund, and no booking is charged twice',
  final: 'every accepted request reaches exactly one final state',
  door: 'nobody is let in twice on one ticket, nor on one that is not valid',
  requests: 'an acknowledged request is never lost, a repeated one is not a second booking',
  inputs: 'an input is acknowledged only when it is decided, parked or dead',
  order: 'the inputs of a stream are decided in the order of their topic',
  events: 'every event is valid, owned, caused, in order, and has the same bytes each time',
  replay: 'rebuilt read models equal those kept up, and a replay changes nothing',
} as const;
export type Invariant = keyof typeof invariants;

/** An invariant does not hold. */
export class Violation extends Error {
  readonly code = 'violation';
  override readonly name = 'Violation';
  readonly invariant: Invariant;
  constructor(invariant: Invariant, found: string) {
    super(`${invariants[invariant]}, but ${found}`);
    this.invariant = invariant;
  }
}

/** An id as people compare it. */
export const short = (id: string): string => id.slice(0, 8);
