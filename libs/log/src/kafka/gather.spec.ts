import { describe, expect, it } from '@jest/globals';
import { gathered } from './gather.ts';

describe('questions that are asked together', () => {
  it('share an answer when they are pending at one moment', async () => {
    const asked: (readonly string[])[] = [];
    const ask = gathered(0, async (questions: readonly string[]) => asked.push(questions));
    await Promise.all([ask('a'), ask('b'), ask('c')]);
    expect(asked).toEqual([['a', 'b', 'c']]);
  });

  it('get no answer that was begun before they were asked', async () => {
    const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const asked: (readonly string[])[] = [];
    const begun = Promise.withResolvers<void>();
    const ask = gathered(0, async (questions: readonly string[]) => {
      const index = asked.push(questions) - 1;
      begun.resolve();
      await answers[index]?.promise;
      return index;
    });
    const early = ask('early');
    await begun.promise;
    const late = ask('late');
    answers[0]?.resolve();
    expect(await early).toBe(0);
    answers[1]?.resolve();
    expect(await late).toBe(1);
  });

  it('are asked again after an answer failed', async () => {
    let tries = 0;
    const ask = gathered(0, async () => {
      tries += 1;
      if (tries === 1) throw new Error('away');
      return tries;
    });
    await expect(ask('a')).rejects.toThrow('away');
    expect(await ask('a')).toBe(2);
  });
});
