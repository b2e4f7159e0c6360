import { describe, expect, it } from '@jest/globals';
import { type Turns, turns } from './turns.ts';

/** Takes turns with tasks that end when they are told to. */
const played = (own: Turns, count: number) => {
  const begun: number[] = [];
  const tasks = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const all = tasks.map(({ promise }, n) =>
    own.take(async () => {
      begun.push(n);
      await promise;
      return n;
    }),
  );
  return { begun, tasks, all };
};
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('are taken by so many at once, and by the others in order', async () => {
    const own = turns(2);
    const { begun, tasks, all } = played(own, 5);
    await soon();
    expect(begun).toEqual([0, 1]);
    tasks[1]?.resolve();
    const late = own.take(() => Promise.resolve(begun.push(9)));
    await soon();
    expect(begun).toEqual([0, 1, 2]);
    for (const { resolve } of tasks) resolve();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
    await late;
    expect(begun).toEqual([0, 1, 2, 3, 4, 9]);
  });

  it('are handed on also by one that fails', async () => {
    const own = turns(1);
    const failing = own.take(() => Promise.reject(new Error('away')));
    const next = own.take(() => Promise.resolve('there'));
    await expect(failing).rejects.toThrow('away');
    expect(await next).toBe('there');
  });

  it('are refused to those who wait, and to nobody else', async () => {
    const own = turns(1);
    const { begun, tasks, all } = played(own, 3);
    const outcomes = Promise.allSettled(all);
    await soon();
    own.refuse('away');
    tasks[0]?.resolve();
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(begun).toEqual([0]);
    expect(await own.take(() => Promise.resolve('there'))).toBe('there');
  });
});
