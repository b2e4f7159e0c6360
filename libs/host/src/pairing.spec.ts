import { describe, expect, it } from '@jest/globals';
import { memoryLog } from '@ensemble/log';
import { memoryStore } from '@ensemble/store';
import { CannotStart } from './cannot-start.ts';
import { pair } from './pairing.ts';

const storesOf = (...services: readonly string[]) =>
  new Map(services.map((service) => [service, memoryStore()]));

describe('a log and the stores of its services', () => {
  it('belong together from their first start on', async () => {
    const [log, stores] = [memoryLog(), storesOf('seat', 'payment')];
    await pair(log, stores);
    await expect(pair(log, stores)).resolves.toBeUndefined();
  });

  it('may come one after another', async () => {
    const [log, stores] = [memoryLog(), storesOf('seat', 'payment')];
    const [seat, payment] = [...stores];
    await pair(log, new Map([seat!]));
    await pair(log, new Map([payment!]));
    await expect(pair(log, stores)).resolves.toBeUndefined();
  });

  it('do not, if a service comes with a second store', async () => {
    const log = memoryLog();
    await pair(log, storesOf('seat', 'payment'));
    const second = pair(log, storesOf('payment'));
    await expect(second).rejects.toThrow(CannotStart);
    await expect(second).rejects.toThrow('the log knows another store of payment');
  });

  it('do not, if a store comes with another log, which is not spoilt by that', async () => {
    const stores = storesOf('seat');
    await pair(memoryLog(), stores);
    const fresh = memoryLog();
    const second = pair(fresh, stores);
    await expect(second).rejects.toThrow(CannotStart);
    await expect(second).rejects.toThrow('the store of seat was used with another log');
    await expect(pair(fresh, storesOf('seat'))).resolves.toBeUndefined();
  });

  it('are one pair only, also when two stores come at the same moment', async () => {
    const log = memoryLog();
    const both = await Promise.allSettled([
      pair(log, storesOf('seat')),
      pair(log, storesOf('seat')),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});
