import { setImmediate } from 'node:timers/promises';
import { invariants, type Violation } from './violation.ts';
import type { Bug } from './planted.ts';
import { play, type Played } from './play.ts';
import { type RareState, rareStates } from './sometimes.ts';

/** What came of many seeds. */
export interface Season {
  readonly seeds: number;
  readonly steps: number;
  readonly simulatedMs: number;
  /** How often each fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  /** Kinds of faults in each seed, added up. */
  readonly kinds: number;
  /** In how many seeds each rare state was reached. */
  readonly rare: ReadonlyMap<RareState, number>;
  readonly failures: readonly Failure[];
}

/** A seed that found something. */
export interface Failure {
  readonly seed: number;
  readonly message: string;
  /** In plain words. */
  readonly invariant: string;
}

const attempt = async (seed: number, bug?: Bug): Promise<Played | Failure> => {
  // A play is one long turn of the event loop: between two of them others may have theirs.
  await setImmediate();
  try {
    return await play(seed, { bug });
  } catch (error) {
    const { message, invariant, stack } = error as Partial<Violation>;
    const isOurs = invariant !== undefined || (error as { code?: string }).code === 'restless';
    return {
      seed,
      message: `${isOurs ? message : stack}`,
      invariant: invariant === undefined ? 'it comes to rest' : invariants[invariant],
    };
  }
};

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, each) => sum + each, 0);

/** So many failures tell enough. */
const failuresAtMost = 3;

/** Plays seeds one after another, all of them unless too many fail. */
export const playSeeds = async (from: number, count: number): Promise<Season> => {
  const played: Played[] = [];
  const failures: Failure[] = [];
  for (let seed = from; seed < from + count && failures.length < failuresAtMost; seed += 1) {
    const outcome = await attempt(seed);
    if ('message' in outcome) failures.push(outcome);
    else played.push(outcome);
  }
  const faults = new Map<string, number>();
  for (const [kind, times] of played.flatMap((each) => [...each.faults])) {
    faults.set(kind, (faults.get(kind) ?? 0) + times);
  }
  return {
    seeds: played.length + failures.length,
    steps: sumOf(played.map(({ steps }) => steps)),
    simulatedMs: sumOf(played.map(({ simulatedMs }) => simulatedMs)),
    faults,
    kinds: sumOf(played.map((each) => each.faults.size)),
    rare: new Map(
      rareStates.map((state) => [state, played.filter(({ rare }) => rare.has(state)).length]),
    ),
    failures,
  };
};

/** The first of the seeds 1, 2, … that finds a bug. */
export const firstToFind = async (bug: Bug, seeds: number): Promise<Failure | null> => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const outcome = await attempt(seed, bug);
    if ('message' in outcome) return outcome;
  }
  return null;
};

/** What went wrong, how to repeat it, and what happened last. */
export const report = async ({ seed, message }: Failure, lines = 40): Promise<string> => {
  const trace: string[] = [];
  await play(seed, { onTrace: (line) => void trace.push(line) }).catch(() => undefined);
  return [
    `seed ${seed}: ${message}`,
    `repeat it: npm run simulate -- --from ${seed} --seeds 1 --trace`,
    ...trace.slice(-lines),
  ].join('\n');
};
