import type { AnyEvent } from '@ensemble/contracts';

/** How a seat stands. */
export type SeatState = 'free' | 'held' | 'sold';

/**
 * How the seats of a section stand. Of each seat the fact with the highest sequence of `seat`'s
 * stream counts, so facts may come in any order, and again.
 */
export interface SeatMap {
  /** Takes in an event of the section; tells whether the map is another now. */
  hear(event: AnyEvent): boolean;
  /** A seat that nothing was said about is free. */
  stateOf(seat: string): SeatState;
}

export const seatMap = (heard: readonly AnyEvent[] = []): SeatMap => {
  const marks = new Map<string, { readonly state: SeatState; readonly sequence: number }>();

  const mark = (seats: readonly string[], state: SeatState, sequence: number): boolean => {
    let changed = false;
    for (const seat of seats) {
      const known = marks.get(seat);
      if (known !== undefined && known.sequence >= sequence) continue;
      marks.set(seat, { state, sequence });
      changed ||= (known?.state ?? 'free') !== state;
    }
    return changed;
  };

  const hear = (event: AnyEvent): boolean => {
    const { sequence } = event;
    if (event.type === 'seat.reserved') {
      const held = event.data.seats.map(({ seat }) => seat);
      return mark(held, 'held', sequence);
    }
    if (event.type === 'seat.sold') return mark(event.data.seats, 'sold', sequence);
    if (event.type === 'seat.released') return mark(event.data.seats, 'free', sequence);
    return false;
  };

  for (const event of heard) hear(event);
  return { hear, stateOf: (seat) => marks.get(seat)?.state ?? 'free' };
};
