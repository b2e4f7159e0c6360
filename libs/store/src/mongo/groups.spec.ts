import { describe, expect, it } from '@jest/globals';
import { groups, type GroupsOptions } from './groups.ts';

/** A server that answers when it is told to, and remembers what it was sent. */
const slowly = (options: Partial<GroupsOptions<string, string>> = {}) => {
  const sent: (readonly string[])[] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const { add, settled } = groups<string, string>({
    limit: 3,
    restMs: () => 0,
    weightOf: () => 1,
    isShared: (error) => error instanceof Away,
    async send(calls) {
      sent.push(calls);
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      return calls.map((call) => `${call}!`);
    },
    ...options,
  });
  /** Resolves once so many groups were sent. */
  const groupsSent = async (count: number): Promise<void> => {
    while (sent.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { add, settled, sent, answers, groupsSent };
};

class Away extends Error {}

describe('calls in groups', () => {
  it('travel together when they come in one turn, and while others are under way', async () => {
    const { add, sent, answers, groupsSent } = slowly();
    const early = [add('a'), add('b')];
    await groupsSent(1);
    const late = [add('c'), add('d'), add('e'), add('f')];
    answers[0]?.resolve();
    expect(await Promise.all(early)).toEqual(['a!', 'b!']);
    await groupsSent(2);
    answers[1]?.resolve();
    await groupsSent(3);
    answers[2]?.resolve();
    expect(await Promise.all(late)).toEqual(['c!', 'd!', 'e!', 'f!']);
    expect(sent).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']]);
  });

  it('do not travel with another of their key, nor overtake it', async () => {
    const weights: Record<string, number> = { a1: 2, b1: 2, b2: 1, a2: 1, c1: 1 };
    const { add, sent, answers, groupsSent } = slowly({
      keyOf: (call) => call.slice(0, 1),
      weightOf: (call) => weights[call] ?? 1,
    });
    const all = ['a1', 'b1', 'b2', 'a2', 'c1'].map(add);
    await groupsSent(1);
    answers[0]?.resolve();
    await groupsSent(2);
    answers[1]?.resolve();
    await groupsSent(3);
    answers[2]?.resolve();
    await Promise.all(all);
    expect(sent).toEqual([['a1', 'c1'], ['b1', 'a2'], ['b2']]);
  });

  it('are sent alone when they weigh more than a group may', async () => {
    const { add, sent, answers, groupsSent } = slowly({ weightOf: () => 9 });
    const all = [add('a'), add('b')];
    await groupsSent(1);
    answers[0]?.resolve();
    await groupsSent(2);
    answers[1]?.resolve();
    await Promise.all(all);
    expect(sent).toEqual([['a'], ['b']]);
  });

  it('fail with what fails for all, those that wait behind too', async () => {
    const { add, sent, answers, groupsSent } = slowly();
    const all = [add('a'), add('b')];
    await groupsSent(1);
    all.push(add('c'));
    answers[0]?.reject(new Away());
    for (const each of all) await expect(each).rejects.toThrow(Away);
    expect(sent).toHaveLength(1);
    const after = add('d');
    await groupsSent(2);
    answers[1]?.resolve();
    expect(await after).toBe('d!');
  });

  it('fail alone by their own mistake', async () => {
    const { add } = slowly({
      send: async (calls) => {
        if (calls.includes('bad')) throw new RangeError('bad');
        return calls;
      },
    });
    const [good, bad, other] = [add('good'), add('bad'), add('other')];
    await expect(bad).rejects.toThrow(RangeError);
    expect([await good, await other]).toEqual(['good', 'other']);
  });

  it('do not rest when the next group is full', async () => {
    const { add, settled, sent, answers, groupsSent } = slowly({ restMs: () => 600_000 });
    const first = add('a');
    await groupsSent(1);
    answers[0]?.resolve();
    await first;
    const full = ['b', 'c', 'd'].map(add);
    await groupsSent(2);
    answers[1]?.resolve();
    await Promise.all(full);
    expect(sent).toEqual([['a'], ['b', 'c', 'd']]);
    await settled();
  });

  it('rest after a group, unless somebody waits for the end', async () => {
    const { add, settled, sent, answers, groupsSent } = slowly({ restMs: () => 600_000 });
    const first = add('a');
    await groupsSent(1);
    answers[0]?.resolve();
    await first;
    const rest = [add('b'), add('c')];
    const over = settled();
    await groupsSent(2);
    answers[1]?.resolve();
    await over;
    expect(await Promise.all(rest)).toEqual(['b!', 'c!']);
    expect(sent).toEqual([['a'], ['b', 'c']]);
  });
});
