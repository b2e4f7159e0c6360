import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Failure, Season } from './seeds.ts';

/** Seeds to play, or planted bugs, each to be found by one of the seeds from 1 on. */
export type Task =
  | { readonly from: number; readonly seeds: number }
  | { readonly bugs: readonly string[]; readonly seeds: number };

/**
 * Plays in a thread of its own: Node itself runs it, twice as fast as the sandbox in which jest
 * runs a spec.
 */
export const inThread = async <T extends Task>(
  task: T,
): Promise<T extends { bugs: unknown } ? readonly (Failure | null)[] : Season> => {
  const thread = new Worker(new URL('./seeds.worker.ts', import.meta.url), { workerData: task });
  const [answer] = await once(thread, 'message');
  return answer;
};

/** Plays seeds on all cores. */
export const inThreads = async (from: number, seeds: number): Promise<Season> => {
  const each = Math.ceil(seeds / availableParallelism());
  const tasks: Promise<Season>[] = [];
  for (let first = from; first < from + seeds; first += each) {
    tasks.push(inThread({ from: first, seeds: Math.min(each, from + seeds - first) }));
  }
  return together(await Promise.all(tasks));
};

const together = (seasons: readonly Season[]): Season => {
  const sum = (of: (season: Season) => number): number =>
    seasons.reduce((total, season) => total + of(season), 0);
  const added = <Key>(of: (season: Season) => ReadonlyMap<Key, number>): Map<Key, number> => {
    const keys = new Set(seasons.flatMap((season) => [...of(season).keys()]));
    return new Map([...keys].map((key) => [key, sum((season) => of(season).get(key) ?? 0)]));
  };
  return {
    seeds: sum(({ seeds }) => seeds),
    steps: sum(({ steps }) => steps),
    simulatedMs: sum(({ simulatedMs }) => simulatedMs),
    faults: added(({ faults }) => faults),
    kinds: sum(({ kinds }) => kinds),
    rare: added(({ rare }) => rare),
    failures: seasons.flatMap(({ failures }) => failures),
  };
};
