import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import { numbers } from './samples.ts';

/** What values written once are promised. */
export const knowing = (bench: Bench): void => {
  it('writes a value once and gives back the one that stands', async () => {
    expect(await bench.store.once('secret', 'first')).toBe('first');
    expect(await bench.store.once('secret', 'second')).toBe('first');
    expect(await bench.store.once('other', '')).toBe('');
    expect(await bench.store.once('other', 'late')).toBe('');
  });

  it('gives the same value to all who write at one moment', async () => {
    for (const round of numbers(50)) {
      const values = await Promise.all(
        numbers(2 + (round % 7)).map((n) => bench.store.once(`secret-${round}`, `value-${n}`)),
      );
      expect(new Set(values).size).toBe(1);
      expect(await bench.store.known(`secret-${round}`)).toEqual([[`secret-${round}`, values[0]]]);
    }
  });

  it('lists what is known under a prefix, sorted by key', async () => {
    const keys = ['a', 'place/', 'place/10', 'place/9', 'place/Ż%_', 'placebo', 'z'];
    for (const key of keys.toReversed()) await bench.store.once(key, `of ${key}`);
    const known = async (prefix: string): Promise<string[]> =>
      (await bench.store.known(prefix)).map(([key]) => key);
    expect(await known('place/')).toEqual(['place/', 'place/10', 'place/9', 'place/Ż%_']);
    expect(await known('place/%')).toEqual([]);
    expect(await known('')).toEqual(keys);
    expect(await known('nothing')).toEqual([]);
    expect(await bench.store.known('z')).toEqual([['z', 'of z']]);
  });

  it('knows the same after a restart', async () => {
    await bench.store.once('secret', 'first');
    await bench.reopen();
    expect(await bench.store.once('secret', 'second')).toBe('first');
  });
};
