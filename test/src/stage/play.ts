import { noon } from '@ensemble/testing';
import { chanceOf, stage, stageFaults, weatherOf } from '@ensemble/testing/stage';
import { type Cast, castOf, type Mail, services, worldFaults } from './cast.ts';
import { customers } from './customers.ts';
import { referee } from './invariants.ts';
import type { Bug } from './planted.ts';
import { bankFaults, pretendBank } from './pretend-bank.ts';
import { checkReplay } from './replay.ts';
import { type RareState, witness } from './sometimes.ts';

/** What came of one seed. */
export interface Played {
  readonly seed: number;
  readonly fingerprint: string;
  readonly steps: number;
  readonly simulatedMs: number;
  /** How often each fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly rare: ReadonlySet<RareState>;
}

const faults = { ...stageFaults, ...bankFaults, ...worldFaults };

/** A replay takes a quarter of the time, so not every seed has one. */
const replayEvery = 3;

/**
 * Plays one seed to its end and checks everything.
 * @throws Violation or Restless
 */
export const play = async (
  seed: number,
  {
    bug = {},
    onTrace,
  }: { bug?: Bug | undefined; onTrace?: ((line: string) => void) | undefined } = {},
): Promise<Played> => {
  const chance = chanceOf(seed).fork('play');
  const weather = weatherOf(faults, chance.fork('weather'));
  const mails: Mail[] = [];
  const watch = referee({
    stage: () => theStage,
    books: () => bank.books,
    mails,
    customers: () => crowd,
    services,
    areClocksSkewed: () => weather.mix.includes('skewed clocks'),
  });
  const now = (): number => theStage.world.now();
  const { below } = chance.fork('outages');
  const orFail =
    <Args extends readonly unknown[]>(check: (...args: Args) => void) =>
    (...args: Args): void => {
      try {
        check(...args);
      } catch (error) {
        theStage.world.fail(error);
      }
    };
  const bank = pretendBank({
    weather,
    now,
    below,
    changed: orFail(watch.charged),
    prepareKey: bug.prepareKey,
  });
  const parts = castOf({
    weather,
    now,
    below,
    payments: bank.effectsFor,
    mails,
    tried: orFail(watch.acts),
    mutation: bug,
  });
  const notes = witness(() => theStage);
  const theStage = stage<Cast>({
    seed,
    parts,
    weather,
    watches: [watch, notes],
    sabotage: bug,
    onTrace,
  });
  const crowd = customers(theStage.world.actor('customers'), chance.fork('customers'), () =>
    theStage.playing('gateway').flatMap(({ desk }) => desk ?? []),
  );

  await theStage.storm(chance.between(40_000, 120_000));
  watch.checkAcknowledged();
  await theStage.calm(crowd.areDone);
  watch.checkAtRest();
  if (seed % replayEvery === 0) await checkReplay(theStage, watch);
  return {
    seed,
    fingerprint: theStage.world.fingerprint(),
    steps: theStage.world.steps,
    simulatedMs: now() - noon,
    faults: weather.struck,
    rare: notes.seen,
  };
};
