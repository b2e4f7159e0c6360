import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import type { FiledToDo } from '../store.ts';
import { numbers, toDo } from './samples.ts';

/** What the schedule of to-dos is promised. */
export const filing = (bench: Bench): void => {
  const due = (options: { partition?: number; before?: number; limit?: number } = {}) =>
    bench.store.due({ partition: 1, before: 10_000, limit: 100, ...options });
  const ids = (toDos: readonly FiledToDo[]): string[] => toDos.map(({ id }) => id);

  it('gives back to-dos as they were filed', async () => {
    const charge = toDo('charge', { until: 5_000 });
    const remind = toDo('remind', { args: null, dueAt: 2_000 });
    await bench.store.file([charge, remind]);
    expect(await due()).toEqual([charge, remind]);
  });

  it('gives the to-dos of a partition that are due, the earliest first, and not too many', async () => {
    await bench.store.file([
      toDo('third', { dueAt: 3_000 }),
      toDo('first', { dueAt: 1_000 }),
      toDo('second', { dueAt: 2_000 }),
      toDo('elsewhere', { partition: 2 }),
    ]);
    expect(ids(await due())).toEqual(['first', 'second', 'third']);
    expect(ids(await due({ before: 3_000 }))).toEqual(['first', 'second']);
    expect(ids(await due({ limit: 1 }))).toEqual(['first']);
    expect(ids(await due({ partition: 2 }))).toEqual(['elsewhere']);
    expect(await due({ partition: 3 })).toEqual([]);
  });

  it('keeps what is on file when the same is filed again', async () => {
    const first = toDo('charge');
    await bench.store.file([first]);
    await bench.store.file([toDo('charge', { dueAt: 1, args: 'another' })]);
    expect(await due()).toEqual([first]);
  });

  it('gives each to-do with its highest tries, due when that one is', async () => {
    const again = toDo('charge', { tries: 2, dueAt: 4_000 });
    await bench.store.file([toDo('charge')]);
    await bench.store.file([again]);
    await bench.store.file([toDo('charge', { tries: 1, dueAt: 2_000 })]);
    expect(await due({ before: 3_000 })).toEqual([]);
    expect(await due()).toEqual([again]);
    await bench.store.file([toDo('charge')]);
    expect(await due()).toEqual([again]);
  });

  it('is not held up by to-dos whose next try is not due yet', async () => {
    const tried = numbers(20).map((n) => `tried-${n}`);
    await bench.store.file(tried.map((id) => toDo(id)));
    await bench.store.file(tried.map((id) => toDo(id, { tries: 1, dueAt: 9_000 })));
    await bench.store.file([toDo('fresh', { dueAt: 2_000 })]);
    expect(ids(await due({ before: 3_000, limit: 5 }))).toEqual(['fresh']);
  });

  it('takes to-dos off the schedule with all their tries, and passes over strangers', async () => {
    await bench.store.file([toDo('charge'), toDo('refund')]);
    await bench.store.file([toDo('charge', { tries: 1 })]);
    await bench.store.unfile(['charge', 'stranger']);
    expect(ids(await due())).toEqual(['refund']);
    await bench.store.unfile([]);
    await bench.store.file([toDo('charge')]);
    expect(await due()).toHaveLength(2);
  });

  it('has its to-dos after a restart', async () => {
    await bench.store.file([toDo('charge'), toDo('refund')]);
    await bench.store.unfile(['refund']);
    await bench.reopen();
    expect(await due()).toEqual([toDo('charge')]);
  });
};
