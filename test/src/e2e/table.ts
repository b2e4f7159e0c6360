import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { calm } from './calm.ts';
import { keyAway } from './key-away.ts';
import { providerAway } from './provider-away.ts';
import { type Make, type Play, play, type World } from './rows.ts';
import { serviceAway } from './service-away.ts';

const worlds: readonly (readonly [name: string, world: World])[] = [
  ['all is there', { rows: calm }],
  ['the payment provider is not at its best', { rows: providerAway, inTurn: true }],
  ['tickets cannot be signed', { rows: keyAway }],
  ['a service or the mail server is away', await serviceAway()],
];

/**
 * Every row of the table of what can happen, over HTTP, against systems that are started for it.
 * Much of the table is waiting for a time to come, so all systems run at once, where there is room.
 */
export const describeTable = (make: Make, { inTurn = false } = {}): void => {
  const plays = new Map<string, Play>();
  const begin = ([name, world]: (typeof worlds)[number]): void =>
    void plays.set(name, play(make, world));
  if (!inTurn) beforeAll(() => worlds.forEach(begin));

  describe.each(worlds)('when %s', (name, world) => {
    if (inTurn) beforeAll(() => begin([name, world]));
    afterAll(() => plays.get(name)?.end());
    it.each(Object.keys(world.rows))('%s', async (row) => {
      await plays.get(name)?.outcomeOf(row);
    });
  });
};
