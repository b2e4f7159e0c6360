import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import { commit, numbers, run, toDo } from './samples.ts';

/** What commits are promised. */
export const appending = (bench: Bench): void => {
  const versionsOf = async (stream: string): Promise<number[]> =>
    (await bench.store.load(stream, 0)).map(({ version }) => version);

  it('gives back commits as they were', async () => {
    const whole = commit('booking-1', 1, 'cause-1');
    const bare = commit('booking-1', 2, 'cause-2', {
      position: null,
      heard: null,
      says: [],
      does: [],
      withdraws: [],
      trace: undefined,
    });
    expect(await bench.store.append([whole, bare])).toBe(2);
    expect(await bench.store.load('booking-1', 0)).toEqual([whole, bare]);
    expect(await bench.store.find('booking-1', 'cause-1')).toEqual(whole);
    expect(await bench.store.find('booking-1', 'cause-2')).toEqual(bare);
  });

  it('loads what comes after a version, in order', async () => {
    await bench.store.append(run('seat-1', 1, 12));
    await bench.store.append(run('seat-2', 1, 2));
    expect((await bench.store.load('seat-1', 9)).map(({ version }) => version)).toEqual([
      10, 11, 12,
    ]);
    expect(await bench.store.load('seat-1', 12)).toEqual([]);
    expect(await bench.store.load('seat-3', 0)).toEqual([]);
  });

  it('finds a commit by what caused it, in its own stream only', async () => {
    await bench.store.append(run('seat-1', 1, 2));
    expect((await bench.store.find('seat-1', 'cause-2'))?.version).toBe(2);
    expect(await bench.store.find('seat-1', 'cause-3')).toBeUndefined();
    expect(await bench.store.find('seat-2', 'cause-2')).toBeUndefined();
  });

  it('inserts nothing when given nothing', async () => {
    expect(await bench.store.append([])).toBe(0);
  });

  it('lets exactly one of those win who insert the same version at one moment', async () => {
    for (const round of numbers(100)) {
      const stream = `seat-${round}`;
      const rivals = numbers(2 + (round % 7)).map((n) => commit(stream, 1, `cause-${n}`));
      const inserted = await Promise.all(rivals.map((rival) => bench.store.append([rival])));
      expect(inserted.toSorted((a, b) => a - b)).toEqual([
        ...numbers(rivals.length - 1).map(() => 0),
        1,
      ]);
      const winner = rivals[inserted.indexOf(1)];
      expect(await bench.store.load(stream, 0)).toEqual([winner]);
    }
  });

  it('lets exactly one of those win who insert what the same caused at one moment', async () => {
    for (const round of numbers(30)) {
      const stream = `seat-${round}`;
      const again = run(stream, 1, 3);
      const inserted = await Promise.all(numbers(4).map(() => bench.store.append(again)));
      expect(inserted.reduce((sum, count) => sum + count)).toBe(3);
      expect(await bench.store.load(stream, 0)).toEqual(again);
    }
  });

  it('lets what was decided once not be decided again, at whatever version', async () => {
    await bench.store.append(run('seat-1', 1, 3));
    expect(await bench.store.append([commit('seat-1', 4, 'cause-2')])).toBe(0);
    expect(await versionsOf('seat-1')).toEqual([1, 2, 3]);
  });

  it('lets different streams be caused by the same', async () => {
    expect(await bench.store.append([commit('seat-1', 1, 'cause')])).toBe(1);
    expect(await bench.store.append([commit('seat-2', 1, 'cause')])).toBe(1);
  });

  it('stores of a run what stands before the first conflict, and nothing after it', async () => {
    await bench.store.append([commit('seat-1', 1, 'early')]);
    const [second, third, fourth] = [
      commit('seat-1', 2, 'two'),
      commit('seat-1', 3, 'early'),
      commit('seat-1', 4, 'four'),
    ];
    expect(await bench.store.append([second, third, fourth])).toBe(1);
    expect(await versionsOf('seat-1')).toEqual([1, 2]);
    expect(await bench.store.find('seat-1', 'four')).toBeUndefined();
  });

  it('stores nothing of a run whose first version is taken', async () => {
    await bench.store.append(run('seat-1', 1, 1, 'ada'));
    expect(await bench.store.append(run('seat-1', 1, 3, 'bob'))).toBe(0);
    expect(await versionsOf('seat-1')).toEqual([1]);
  });

  it('has on file what the commits name that it stored, and nothing of those it did not', async () => {
    await bench.store.append([commit('seat-1', 1, 'early')]);
    await bench.store.append([commit('seat-1', 2, 'two'), commit('seat-1', 3, 'early')]);
    const filed = await bench.store.due({ partition: 3, before: 10, limit: 10 });
    expect(filed.map(({ id }) => id).sort()).toEqual(['charge-early', 'charge-two']);
    const [toDo] = commit('seat-1', 1, 'early').does;
    expect(filed).toContainEqual({ ...toDo, stream: 'seat-1', partition: 3, tries: 0 });
  });

  it('leaves on file what was tried meanwhile, when commits are appended again', async () => {
    const first = commit('seat-1', 1, 'one');
    await bench.store.append([first]);
    await bench.store.file([toDo('charge-one', { partition: 3, tries: 1, dueAt: 7 })]);
    await bench.store.append([first]);
    const [filed] = await bench.store.due({ partition: 3, before: 10, limit: 10 });
    expect(filed).toMatchObject({ id: 'charge-one', tries: 1, dueAt: 7 });
  });

  it('never stores a commit without the one before it', async () => {
    expect(await bench.store.append(run('seat-1', 2, 3))).toBe(0);
    await bench.store.append(run('seat-1', 1, 1));
    expect(await bench.store.append(run('seat-1', 3, 4))).toBe(0);
    expect(await versionsOf('seat-1')).toEqual([1]);
  });

  it('leaves no gap when runs that build on each other travel together', async () => {
    await bench.store.append([commit('seat-1', 1, 'taken')]);
    const inserted = await Promise.all([
      bench.store.append([commit('seat-1', 2, 'two'), commit('seat-1', 3, 'taken')]),
      bench.store.append([commit('seat-1', 4, 'four')]),
      bench.store.append([commit('seat-1', 5, 'five')]),
    ]);
    expect(inserted).toEqual([1, 0, 0]);
    expect(await versionsOf('seat-1')).toEqual([1, 2]);
  });

  it('leaves no gap whatever rivals append', async () => {
    const rivals = numbers(40).map((n) => {
      const from = 1 + (n % 5);
      return run('seat-1', from, from + (n % 4), `rival-${n}`);
    });
    const inserted = await Promise.all(rivals.map((rival) => bench.store.append(rival)));
    const stored = await bench.store.load('seat-1', 0);
    expect(stored.map(({ version }) => version)).toEqual(numbers(stored.length).map((n) => n + 1));
    const acknowledged = rivals.flatMap((rival, index) => rival.slice(0, inserted[index]));
    expect(new Set(stored.map(({ cause }) => cause))).toEqual(
      new Set(acknowledged.map(({ cause }) => cause)),
    );
  });

  it('answers an append that is done again, because its outcome was unknown, with none', async () => {
    const first = run('seat-1', 1, 2);
    expect(await bench.store.append(first)).toBe(2);
    expect(await bench.store.append(first)).toBe(0);
    expect(await bench.store.load('seat-1', 0)).toEqual(first);
    expect(await bench.store.append(run('seat-1', 1, 4))).toBe(0);
    expect(await bench.store.append(run('seat-1', 3, 4))).toBe(2);
  });

  it('takes what is pending at one moment together', async () => {
    const inserted = await Promise.all(
      numbers(300).map((n) => bench.store.append(run(`booking-${n}`, 1, 1 + (n % 3)))),
    );
    expect(inserted).toEqual(numbers(300).map((n) => 1 + (n % 3)));
    for (const n of numbers(300)) {
      expect(await versionsOf(`booking-${n}`)).toEqual(numbers(1 + (n % 3)).map((v) => v + 1));
    }
  });

  it('shows a commit to who asks after it was acknowledged', async () => {
    for (const version of numbers(20).map((n) => n + 1)) {
      await bench.store.append([commit('seat-1', version, `cause-${version}`)]);
      expect(await bench.store.load('seat-1', version - 1)).toHaveLength(1);
      expect(await bench.store.find('seat-1', `cause-${version}`)).toBeDefined();
    }
  });

  it('has its commits after a restart, and decides by them', async () => {
    const before = run('seat-1', 1, 3);
    await bench.store.append(before);
    await bench.reopen();
    expect(await bench.store.load('seat-1', 0)).toEqual(before);
    expect(await bench.store.append([commit('seat-1', 3, 'other')])).toBe(0);
    expect(await bench.store.append([commit('seat-1', 4, 'cause-1')])).toBe(0);
    expect(await bench.store.append([commit('seat-1', 4, 'cause-4')])).toBe(1);
  });
};
