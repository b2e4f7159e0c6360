import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { calm } from './calm.ts';
import { keyAway } from './key-away.ts';
import { providerAway } from './provider-away.ts';
import { type Play, play, type World } from './rows.ts';
import { serviceAway } from './service-away.ts';

jest.setTimeout(150_000);

/** Every row of the table of what can happen, over HTTP, against the system as it is started. */
const worlds: readonly (readonly [name: string, world: World])[] = [
  ['all is there', { rows: calm }],
  ['the payment provider is not at its best', { rows: providerAway, inTurn: true }],
  ['tickets cannot be signed', { rows: keyAway }],
  ['a service or the mail server is away', await serviceAway()],
];

let plays: ReadonlyMap<string, Play>;
// Much of the table is waiting for a time to come, so all systems run at once.
beforeAll(() => {
  plays = new Map(worlds.map(([name, world]) => [name, play(world)]));
});
afterAll(() => Promise.all([...plays.values()].map((each) => each.end())));

describe.each(worlds)('when %s', (name, { rows }) => {
  it.each(Object.keys(rows))('%s', async (row) => {
    await plays.get(name)!.outcomeOf(row);
  });
});
