import { parentPort, workerData } from 'node:worker_threads';
import { bugs } from './planted.ts';
import { type Failure, firstToFind, playSeeds } from './seeds.ts';
import type { Task } from './threads.ts';

const findAll = async (names: readonly string[], seeds: number): Promise<(Failure | null)[]> => {
  const found: (Failure | null)[] = [];
  for (const name of names) found.push(await firstToFind(bugs[name] ?? {}, seeds));
  return found;
};

const task = workerData as Task;
parentPort?.postMessage(
  'bugs' in task ? await findAll(task.bugs, task.seeds) : await playSeeds(task.from, task.seeds),
);
