import {
  chanceOf,
  type Stage,
  stage,
  stageFaults,
  type Watch,
  weatherOf,
} from '@ensemble/testing/stage';
import { noon } from '@ensemble/testing';
import { type Cast, castOf, type Mail, services, worldFaults } from './cast.ts';
import { customers } from './customers.ts';
import { type Referee, referee, Violation } from './invariants.ts';
import type { Bug } from './planted.ts';
import { type RareState, witness } from './sometimes.ts';
import { bankFaults, pretendBank } from './pretend-bank.ts';

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
    tried: orFail(watch.tried),
    mutation: bug,
  });
  const notes = witness(() => theStage);
  const theStage = stage<Cast>({
    seed,
    parts,
    weather,
    watch: both(watch, notes),
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
  await checkReplay(theStage, watch);
  return {
    seed,
    fingerprint: theStage.world.fingerprint(),
    steps: theStage.world.steps,
    simulatedMs: now() - noon,
    faults: weather.struck,
    rare: notes.seen,
  };
};

const both = (one: Watch, other: Watch): Watch => ({
  appended: (records, by) => {
    one.appended?.(records, by);
    other.appended?.(records, by);
  },
  stored: (inserted, stream, by) => {
    one.stored?.(inserted, stream, by);
    other.stored?.(inserted, stream, by);
  },
  happened: (happening, what, by) => {
    one.happened?.(happening, what, by);
    other.happened?.(happening, what, by);
  },
  falls: (player) => {
    one.falls?.(player);
    other.falls?.(player);
  },
});

/** Hears everything again and builds the read models anew: nothing may change by it. */
const checkReplay = async (theStage: Stage<Cast>, watch: Referee): Promise<void> => {
  const before = watch.picture();
  await theStage.replay();
  if (watch.picture() !== before) throw new Violation('replay', 'a replay changed the world');

  const models = theStage.playing('gateway').flatMap(({ bookings }) => bookings ?? []);
  const read = (): Promise<string[][]> =>
    settled(
      theStage,
      Promise.all(
        models.flatMap((model) =>
          watch.bookings().map(async (id) => (await model.facts(id)).map((event) => event.id)),
        ),
      ),
    );
  const kept = await read();
  await settled(theStage, models[0]?.rebuild() ?? Promise.resolve(0));
  const rebuilt = await read();
  for (const [index, ids] of kept.entries()) {
    if (ids.join() === rebuilt[index]?.join()) continue;
    throw new Violation(
      'replay',
      `a read model had ${ids.length} facts, rebuilt it has ${rebuilt[index]?.length}`,
    );
  }
};

/** Lets the world run until a promise is settled. */
const settled = async <Result>(
  theStage: Stage<Cast>,
  promise: Promise<Result>,
): Promise<Result> => {
  let isSettled = false;
  void promise.finally(() => {
    isSettled = true;
  });
  await theStage.calm(() => isSettled);
  return promise;
};
