import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@ensemble/contracts';
import { eventOf, handClock } from './rehearsal.ts';
import { type SeatMaps, seatMaps } from './seat-maps.ts';

const key = 'hamlet/stalls';
const seats = ['A-1'];
const price = { amount: 4500, currency: 'EUR' };
const held = eventOf('seat.reserved', { seats: [{ seat: 'A-1', price }] });
const sold = eventOf('seat.sold', { seats });

let clock: ReturnType<typeof handClock>;
let isComplete: boolean;
let kept: AnyEvent[];
let followed: AnyEvent[];
let loads: number;
let newest: number;
let lostUpTo: number;
let maps: SeatMaps;
const state = async (): Promise<string> => (await maps.of(key)).stateOf('A-1');

beforeEach(() => {
  clock = handClock();
  isComplete = true;
  kept = [];
  followed = [];
  loads = 0;
  newest = 0;
  lostUpTo = 0;
  const facts = async (): Promise<AnyEvent[]> => {
    loads += 1;
    return kept;
  };
  const memory = { newest: () => newest, lostUpTo: () => lostUpTo };
  maps = seatMaps(
    { facts },
    { events: () => followed, memory },
    { clock, isComplete: () => isComplete },
  );
});

describe('the maps of sections', () => {
  it('are loaded again when the follower has forgotten what came since', async () => {
    expect(await state()).toBe('free');
    kept = [held];
    [newest, lostUpTo] = [9, 8];
    expect(await state()).toBe('held');
    expect(await state()).toBe('held');
    expect(loads).toBe(2);
  });

  it('are what the read model holds and what was followed since', async () => {
    kept = [held];
    expect(await state()).toBe('held');
    followed = [sold];
    expect(await state()).toBe('sold');
    expect(loads).toBe(1);
  });

  it('are loaded once for all who ask at the same time', async () => {
    await Promise.all([state(), state(), state()]);
    expect(loads).toBe(1);
  });

  it('are asked for again as long as the read model is catching up', async () => {
    isComplete = false;
    expect(await state()).toBe('free');
    kept = [held];
    expect(await state()).toBe('free');
    clock.advance(1_000);
    expect(await state()).toBe('held');
    kept = [held, sold];
    isComplete = true;
    expect(await state()).toBe('sold');
    clock.advance(60_000);
    expect(await state()).toBe('sold');
    expect(loads).toBe(3);
  });
});
