import { describe, expect, it } from '@jest/globals';
import { commit, run, toDo } from './conformance/samples.ts';
import { memoryStoreData } from './memory-data.ts';
import { memoryStore } from './memory.ts';

const manual = () => {
  const tasks: (() => void)[] = [];
  const data = memoryStoreData({ schedule: (task) => void tasks.push(task) });
  const turn = (): void => tasks.splice(0).forEach((task) => task());
  return { data, turn };
};

describe('a store in memory', () => {
  it('does nothing until it is given a turn', async () => {
    const { data, turn } = manual();
    const store = memoryStore(data);
    const appended = store.append([commit('seat-1', 1, 'cause', { does: [] })]);
    expect(data.commits.size).toBe(0);
    turn();
    expect(await appended).toBe(1);
  });

  it('does and answers nothing that a process asked for before it crashed', async () => {
    const { data, turn } = manual();
    const [lost, other] = [memoryStore(data), memoryStore(data)];
    let isAnswered = false;
    void lost.append(run('seat-1', 1, 2)).then(() => (isAnswered = true));
    data.crash(lost);
    const loaded = other.load('seat-1', 0);
    turn();
    expect(await loaded).toEqual([]);
    expect(isAnswered).toBe(false);
  });

  it('may lose what commits name when its process dies after they are stored', async () => {
    const { data, turn } = manual();
    const store = memoryStore(data);
    void store.append(run('seat-1', 1, 2));
    turn();
    data.crash(store);
    await Promise.resolve();
    turn();
    expect(data.commits.get('seat-1')).toHaveLength(2);
    expect(data.toDos.size).toBe(0);
  });

  it('shares no object with anybody', async () => {
    const store = memoryStore();
    const args = { amount: 100 };
    const filed = store.file([toDo('charge', { args })]);
    args.amount = 200;
    await filed;
    const due = () => store.due({ partition: 1, before: 10_000, limit: 1 });
    const [first] = await due();
    expect(first?.args).toEqual({ amount: 100 });
    Object.assign(first?.args ?? {}, { amount: 300 });
    expect((await due())[0]?.args).toEqual({ amount: 100 });
  });
});
