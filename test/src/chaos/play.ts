import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@ensemble/start/until';
import type { Chance } from '@ensemble/testing/stage';
import { findings } from '../audit/audit.ts';
import type { Accepted, Finding } from '../audit/evidence.ts';
import { customers, sections } from './customers.ts';
import type { Fault } from './faults.ts';
import { longestPause } from './pauses.ts';
import type { World } from './world.ts';

/** What a fault did while it was made. */
export interface Struck {
  readonly fault: Fault;
  /** Bookings that were asked for meanwhile. */
  readonly bookings: number;
  /** The longest time without a settled booking in some section, for each time, in milliseconds. */
  readonly pausesMs: readonly number[];
}

/** What came of faults that were made one after the other. */
export interface Outcome {
  readonly struck: readonly Struck[];
  /** What the auditor has looked at and found, of everything so far. */
  readonly found: readonly Finding[];
}

export interface PlayOptions {
  readonly faults: readonly Fault[];
  readonly timesOf: (fault: Fault) => number;
  readonly perSecond: number;
  /** Customers do not come faster than they are served: for a machine that is busy with other things. */
  readonly isPatient: boolean;
  readonly chanceOf: (fault: Fault) => Chance;
  /** What was accepted before; what is accepted now is added. */
  readonly accepted: Accepted[];
  /** A show that there is not yet. */
  readonly showId: string;
  /** Hears of each time, and the pause it caused in milliseconds. */
  readonly struckOnce: (fault: Fault, pauseMs: number) => void;
}

/** After what was lost is back, and before the next time, in milliseconds. */
const calmMs = 2_000;
/** As many seconds' customers may wait at a time while nothing is wrong. */
const usualSeconds = 4;
const settleLimitMs = 90_000;
const restLimitMs = 60_000;

/** Makes faults under load, waits until all is at rest, and has it audited. */
export const play = async (world: World, options: PlayOptions): Promise<Outcome> => {
  const { faults, timesOf, perSecond, isPatient, chanceOf, accepted, showId, struckOnce } = options;
  const { gateway } = world.system;
  const usual = usualSeconds * perSecond;
  const waitingAtMost = isPatient ? usual : undefined;
  const load = await customers({ gateway, showId, perSecond, waitingAtMost });
  const everywhere = (since: number): boolean => {
    load.check();
    const those = load.settled.filter(({ at }) => at > since);
    return new Set(those.map(({ section }) => section)).size === sections.length;
  };
  /** Resolves when in every section bookings are settled again. */
  const flowing = async (): Promise<void> => {
    const since = performance.now();
    await until('bookings of every section to be settled', () => everywhere(since), settleLimitMs);
  };

  /** Resolves when those are served who waited meanwhile: a fault is not to hit what has not recovered. */
  const recovered = async (): Promise<void> => {
    const isCalm = (): boolean => {
      load.check();
      return load.waiting() <= usual;
    };
    await until(() => `${load.waiting()} customers to be served`, isCalm, settleLimitMs);
  };

  const struck: Struck[] = [];
  const strikeAll = async (): Promise<void> => {
    await flowing();
    for (const fault of faults) {
      const chance = chanceOf(fault);
      const before = load.came();
      const pausesMs: number[] = [];
      for (let time = 0; time < timesOf(fault); time += 1) {
        await pause(chance.between(0, calmMs));
        const from = performance.now();
        await fault.strike(world, chance);
        await flowing();
        const pauseMs = longestPause(load.settled, { from, to: performance.now() });
        struckOnce(fault, pauseMs);
        pausesMs.push(pauseMs);
        await recovered();
      }
      struck.push({ fault, bookings: load.came() - before, pausesMs });
    }
  };
  try {
    await strikeAll();
  } catch (error) {
    load.close();
    throw error;
  }
  await load.stop();
  accepted.push(...load.accepted);
  return { struck, found: await atRest(world, accepted) };
};

/** The auditor looks until it finds nothing, or until nothing can be under way any more. */
const atRest = async (world: World, accepted: readonly Accepted[]): Promise<readonly Finding[]> => {
  const deadline = performance.now() + restLimitMs;
  for (;;) {
    const found = findings(await world.evidence(accepted));
    const isWell = found.every(({ violations }) => violations.length === 0);
    if (isWell || performance.now() > deadline) return found;
    await pause(calmMs);
  }
};
