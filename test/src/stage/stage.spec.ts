import { describe, expect, it } from '@jest/globals';
import { play } from './play.ts';
import { report } from './seeds.ts';
import { inThreads } from './threads.ts';

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
    const { seeds, failures, rare, kinds } = await inThreads(1, 1000);
    const [first] = failures;
    expect(first === undefined ? 'all holds' : await report(first)).toBe('all holds');
    expect(kinds / seeds).toBeGreaterThanOrEqual(5);
    const unreached = [...rare].flatMap(([state, times]) => (times === 0 ? [state] : []));
    expect(unreached).toEqual([]);
  }, 180_000);
});
