import { describe, expect, it } from '@jest/globals';
import { play } from './play.ts';
import { report } from './seeds.ts';
import { inThread } from './threads.ts';

describe('the stage', () => {
  it('makes the same trace of the same seed, and another of another', async () => {
    const prints = async (): Promise<string[]> => {
      const played = [];
      for (const seed of [1, 2, 3]) played.push((await play(seed)).fingerprint);
      return played;
    };
    const once = await prints();
    expect(await prints()).toEqual(once);
    expect(new Set(once).size).toBe(once.length);
  }, 60_000);

  it('keeps every invariant in 1,000 seeds', async () => {
    const seasons = await Promise.all([1, 501].map((from) => inThread({ from, seeds: 500 })));
    const [first] = seasons.flatMap(({ failures }) => failures);
    expect(first === undefined ? 'all holds' : await report(first)).toBe('all holds');
    for (const { rare, kindsPerSeed } of seasons) {
      expect(kindsPerSeed).toBeGreaterThanOrEqual(5);
      expect([...rare].flatMap(([state, seeds]) => (seeds === 0 ? [state] : []))).toEqual([]);
    }
  }, 180_000);
});
