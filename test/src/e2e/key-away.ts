import { renameSync } from 'node:fs';
import { until } from '@ensemble/start/until';
import { expect } from '@jest/globals';
import { openHouse } from './house.ts';
import { moneyHeld, typesOf } from './looking.ts';
import type { Rows } from './rows.ts';

/** A row in which tickets cannot be signed. */
export const keyAway: Rows = {
  'the signing key is away: the sale stands, the ticket comes once it is back': async (system) => {
    const house = await openHouse(system, 'key-away');
    const early = await house.books('Ada', ['A-1']);
    const { ticket } = await early.becomes('ticketed');
    const pdf = ticket?.links.pdf ?? '';
    const { keyFile: key } = system;
    renameSync(key, `${key}.away`);

    const document = await fetch(pdf);
    expect([document.status, document.headers.get('retry-after')]).toEqual([503, '30']);
    const [bob, cleo] = await Promise.all([
      house.books('Bob', ['A-2']),
      house.books('Cleo', ['A-3']),
    ]);
    for (const booking of [bob, cleo]) {
      expect(await booking.hears('ticket.delayed')).toMatchObject({
        state: 'paid',
        history: expect.arrayContaining([expect.objectContaining({ note: 'key-away' })]),
      });
    }
    await cleo.withdraw();
    await cleo.becomes('refunded');
    expect(typesOf(await cleo.hears('ticket.revoked'))).not.toContain('ticket.generated');
    expect(await moneyHeld(system, cleo)).toBe(0);

    renameSync(`${key}.away`, key);
    expect(await fetch(pdf)).toMatchObject({ status: 200 });
    const late = await until(
      'the ticket',
      async () => {
        const view = await bob.view();
        return view.state === 'ticketed' && view;
      },
      40_000,
    );
    expect(await fetch(late.ticket?.links.pdf ?? '')).toMatchObject({ status: 200 });
    expect(await cleo.view()).toMatchObject({ state: 'refunded' });
  },
};
