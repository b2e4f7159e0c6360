import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyEvent, EventType } from '@ensemble/contracts';
import { viewOf } from './booking.ts';
import { outcome } from './outcome.ts';
import { eventOf, handClock } from './rehearsal.ts';
import { watchers } from './watchers.ts';

const bookingId = 'ad'.repeat(16);
let said: AnyEvent[] = [];
let asked = 0;
let isComplete = true;
const { watch, tell } = watchers();

const waiting = outcome(
  {
    booking: async () => {
      asked += 1;
      return viewOf(said);
    },
    show: async () => undefined,
  },
  { watch, events: () => said },
  { clock: handClock(), stopping: new AbortController().signal, isComplete: () => isComplete },
);
const wait = () => waiting(bookingId, { waitMs: 5_000, signal: new AbortController().signal });

const says = async (type: EventType): Promise<void> => {
  said.push(eventOf(type, { bookingId }));
  tell([bookingId]);
  await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(() => {
  said = [eventOf('booking.requested', { bookingId })];
  asked = 0;
  isComplete = true;
});

describe('the outcome that somebody waits for', () => {
  it('is looked for when it may be there, and not with each of the news', async () => {
    const view = wait();
    for (const type of ['seat.reserved', 'payment.received'] as const) await says(type);
    expect(asked).toBe(1);
    await says('ticket.generated');
    expect(await view).toMatchObject({ state: 'ticketed' });
    expect(asked).toBe(2);
  });

  it('is looked for with each of the news while the gateway still catches up', async () => {
    isComplete = false;
    const view = wait();
    for (const type of ['seat.reserved', 'payment.received'] as const) await says(type);
    expect(asked).toBe(3);
    await says('ticket.generated');
    expect(await view).toMatchObject({ state: 'ticketed' });
  });
});
