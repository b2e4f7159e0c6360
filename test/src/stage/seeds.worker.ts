import { parentPort, workerData } from 'node:worker_threads';
import { bugs } from './planted.ts';
import { firstToFind, playSeeds } from './seeds.ts';
import type { Task } from './threads.ts';

const task = workerData as Task;
const bug = 'bug' in task ? bugs[task.bug] : undefined;
parentPort?.postMessage(
  'bug' in task ? await firstToFind(bug ?? {}, task.seeds) : await playSeeds(task.from, task.seeds),
);
