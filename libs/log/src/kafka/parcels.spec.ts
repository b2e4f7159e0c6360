import { describe, expect, it } from '@jest/globals';
import type { NewRecord } from '../log.ts';
import { bytesOf, mustFit, parcels } from './parcels.ts';

const record = (key: string, bytes = 0): NewRecord => ({
  topic: 'seat',
  key,
  value: new Uint8Array(bytes),
  headers: {},
});
const keysOf = (cut: ReturnType<typeof parcels>): (string | null)[][] =>
  cut.map(({ records }) => records.map(({ key }) => key));

describe('parcels', () => {
  it('carry together what fits, in order', () => {
    const [ada, bob, eve] = [record('ada', 400), record('bob', 400), record('eve', 400)];
    expect(keysOf(parcels([ada, bob, eve], 1_000))).toEqual([['ada', 'bob'], ['eve']]);
  });

  it('carry alone what is larger than one of them', () => {
    const all = [record('ada'), record('bob', 2_000), record('eve')];
    expect(keysOf(parcels(all, 1_000))).toEqual([['ada'], ['bob'], ['eve']]);
  });

  it('are none of nothing', () => {
    expect(parcels([], 1_000)).toEqual([]);
  });

  it('count keys, values and headers in bytes, not in letters', () => {
    const bare = bytesOf({ ...record('k'), value: null });
    expect(bytesOf({ ...record('Ż'), value: null })).toBe(bare + 1);
    expect(bytesOf(record('k', 10))).toBe(bare + 10);
    const headers = { 'ce-id': 'Żółć' };
    expect(bytesOf({ ...record('k'), headers })).toBeGreaterThanOrEqual(bare + 5 + 8);
  });

  it('refuse what nothing could carry, and say what to do', () => {
    expect(() => mustFit(record('ada', 900), 1_000)).not.toThrow();
    expect(() => mustFit(record('ada', 1_000), 1_000)).toThrow(
      /topic "seat" has 1067 bytes, at most 1000 .* refer to it/,
    );
  });
});
