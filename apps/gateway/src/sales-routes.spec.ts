import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createParser } from 'eventsource-parser';
import { bearing, hamlet, type Rehearsal, rehearse, until } from './rehearsal.ts';

const operator = bearing('operator-token-of-grace');
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const price = eur(4500);

let stage: Rehearsal;
let leaving: AbortController;
beforeEach(async () => {
  leaving = new AbortController();
  stage = await rehearse();
  await stage.gateway.openShow(hamlet, { by: 'spec' });
});
afterEach(async () => {
  leaving.abort();
  await stage.end();
});

const sales = () => stage.ask('/api/sales', { headers: operator });
const [hers, his] = ['a'.repeat(32), 'b'.repeat(32)];
const held = (bookingId: string, ...seats: string[]) =>
  stage.says('seat.reserved', {
    bookingId,
    seats: seats.map((seat) => ({ seat, price })),
    total: eur(4500 * seats.length),
  });

describe('the sales', () => {
  it('are the seats and the money of each section and show', async () => {
    await held(hers, 'A-1', 'A-2');
    await held(his, 'A-3');
    await stage.says('seat.sold', { bookingId: hers, seats: ['A-1', 'A-2'] });
    const { body } = await until(sales, (answer) => answer.body.shows[0].sold === 2);
    expect(body.shows).toEqual([
      {
        showId: 'hamlet',
        title: 'Hamlet',
        venue: 'Globe',
        startsAt: hamlet.startsAt,
        sold: 2,
        held: 1,
        free: 41,
        taken: [eur(9000)],
        sections: [
          { section: 'balcony', price: eur(2000), sold: 0, held: 0, free: 4, taken: eur(0) },
          { section: 'stalls', price, sold: 2, held: 1, free: 37, taken: eur(9000) },
        ],
      },
    ]);
  });

  it('lose what goes back', async () => {
    await held(hers, 'A-1');
    await stage.says('seat.sold', { bookingId: hers, seats: ['A-1'] });
    await until(sales, (answer) => answer.body.shows[0].sold === 1);
    await stage.says('seat.released', { bookingId: hers, seats: ['A-1'] });
    const { body } = await until(sales, (answer) => answer.body.shows[0].sold === 0);
    expect(body.shows[0]).toMatchObject({ free: 44, taken: [eur(0)] });
  });

  it('are told as they change, once a second at most', async () => {
    const states: { readonly at: number; readonly held: number }[] = [];
    const parser = createParser({
      onEvent: ({ event, data }) => {
        expect(event).toBe('sales');
        states.push({ at: performance.now(), held: JSON.parse(data).shows[0].held });
      },
    });
    const { signal } = leaving;
    const response = await fetch(`${stage.url}/api/sales/live`, { headers: operator, signal });
    const reading = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) parser.feed(new TextDecoder().decode(chunk));
    };
    reading().catch(() => undefined);
    await until(
      () => states.length,
      (count) => count === 1,
    );
    for (const seat of ['A-1', 'A-2', 'A-3']) await held(hers, seat);
    await until(
      () => states.at(-1)?.held,
      (count) => count === 3,
    );
    const [, ...later] = states;
    for (const [index, { at }] of later.entries()) {
      expect(at - (later[index - 1]?.at ?? -Infinity)).toBeGreaterThan(900);
    }
    expect(later.length).toBeLessThanOrEqual(3);
  });

  it('are for operators', async () => {
    for (const path of ['/api/sales', '/api/sales/live']) {
      const { status, headers } = await stage.ask(path, { headers: bearing('of-nobody') });
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
    const { headers } = await sales();
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });
});
