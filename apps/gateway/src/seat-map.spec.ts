import { describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@ensemble/contracts';
import fc from 'fast-check';
import { eventOf } from './rehearsal.ts';
import { seatMap } from './seat-map.ts';

type What = 'seat.reserved' | 'seat.sold' | 'seat.released';
const price = { amount: 4500, currency: 'EUR' };
const fact = (what: What, seats: string[], sequence: number): AnyEvent =>
  what === 'seat.reserved'
    ? eventOf(what, { seats: seats.map((seat) => ({ seat, price })) }, { sequence })
    : eventOf(what, { seats }, { sequence });

const names = ['A-1', 'A-2', 'A-3', 'A-4'];
const statesOf = (events: readonly AnyEvent[]): string[] =>
  names.map((seat) => seatMap(events).stateOf(seat));

describe('the map of a section', () => {
  it('is free where nothing was said', () => {
    expect(statesOf([])).toEqual(['free', 'free', 'free', 'free']);
  });

  it('tells held from sold and from free again', () => {
    const events = [
      fact('seat.reserved', ['A-1', 'A-2'], 1),
      fact('seat.reserved', ['A-3'], 2),
      fact('seat.sold', ['A-1', 'A-2'], 3),
      fact('seat.released', ['A-3'], 4),
      fact('seat.reserved', ['A-4'], 5),
    ];
    expect(statesOf(events)).toEqual(['sold', 'sold', 'free', 'held']);
  });

  it('tells whether it changed', () => {
    const map = seatMap();
    const reserved = fact('seat.reserved', ['A-1'], 2);
    expect(map.hear(reserved)).toBe(true);
    expect(map.hear(reserved)).toBe(false);
    expect(map.hear(fact('seat.released', ['A-1'], 1))).toBe(false);
    expect(map.hear(eventOf('section.opened'))).toBe(false);
  });

  it('is the same whatever the order in which its events came, and however often', () => {
    const story = fc
      .array(
        fc.tuple(
          fc.constantFrom<What>('seat.reserved', 'seat.sold', 'seat.released'),
          fc.subarray(names, { minLength: 1 }),
        ),
        { maxLength: 12 },
      )
      .map((facts) => facts.map(([what, seats], index) => fact(what, seats, index + 1)));
    const arrival = story.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(arrival, ([events, arrived]) => {
        expect(statesOf(arrived)).toEqual(statesOf(events));
      }),
    );
  });
});
