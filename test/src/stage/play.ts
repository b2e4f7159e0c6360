import type { SpanRecord } from '@ensemble/telemetry';
import { noon } from '@ensemble/testing';
import {
  chanceOf,
  type Stage,
  stage,
  stageFaults,
  type Watch,
  weatherOf,
} from '@ensemble/testing/stage';
import { type Cast, castOf, drawSettings, services } from './cast.ts';
import { customers } from './customers.ts';
import { referee } from './invariants.ts';
import { operator } from './operator.ts';
import { outsideFaults, outsideWorld } from './outside.ts';
import type { Bug } from './planted.ts';
import { paymentEffects } from './payment-effects.ts';
import { bankFaults, pretendBank } from './pretend-bank.ts';
import { checkReplay } from './replay.ts';
import { stewards } from './stewards.ts';
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

const allFaults = { ...stageFaults, ...bankFaults, ...outsideFaults };
/** A kind of fault that may befall this stage. */
export type Fault = keyof typeof allFaults;

/** A replay takes a third as long as all the rest, so not every seed has one. */
const replayEvery = 4;

const collecting = (spans: SpanRecord[]): Watch => ({ spanned: (span) => void spans.push(span) });

/**
 * Plays one seed to its end and checks everything.
 * @throws Violation or Restless
 */
export const play = async (
  seed: number,
  {
    bug = {},
    only,
    atRest,
    onTrace,
  }: {
    bug?: Bug | undefined;
    /** The faults that may strike; default: all. */
    only?: readonly Fault[] | undefined;
    /** Looks at the stage when everything is at rest, and at the spans that its services told. */
    atRest?: ((stage: Stage<Cast>, spans: readonly SpanRecord[]) => void) | undefined;
    onTrace?: ((line: string) => void) | undefined;
  } = {},
): Promise<Played> => {
  const faults = only === undefined ? allFaults : some(allFaults, only);
  const chance = chanceOf(seed).fork('play');
  const weather = weatherOf(faults, chance.fork('weather'));
  const { below } = chance.fork('outside');
  const now = (): number => theStage.world.now();
  const watch = referee({
    stage: () => theStage,
    books: () => bank.books,
    mails: () => outside.mails,
    asked: () => [crowd.asked, doors.asked],
    hear: (event) => doors.hear(event),
    services,
    areClocksSkewed: () => weather.mix.includes('skewed clocks'),
  });
  const fail = (error: unknown): void => theStage.world.fail(error);
  const outside = outsideWorld({ weather, now, below });
  const bank = pretendBank({ weather, now, below, changed: orFail(watch.charged, fail) });
  const parts = castOf({
    processes: 1 + below(3),
    settings: drawSettings(chance.fork('settings')),
    payments: (player) => paymentEffects(bank, player, bug.prepareKey),
    outside,
    acts: orFail(watch.acts, fail),
    mutation: bug,
  });
  const notes = witness(() => theStage);
  const spans: SpanRecord[] = [];
  const theStage = stage<Cast>({
    seed,
    parts,
    weather,
    watches: atRest === undefined ? [watch, notes] : [watch, notes, collecting(spans)],
    sabotage: bug,
    onTrace,
  });
  const crowd = customers(
    theStage.world.actor('customers'),
    chance.fork('customers'),
    () => theStage.playing('gateway').flatMap(({ desk }) => desk ?? []),
    watch.hasLetter,
  );

  const doors = stewards(theStage.world.actor('stewards'), chance.fork('stewards'), () =>
    theStage.playing('ticket').flatMap(({ door }) => door ?? []),
  );

  const mender = operator(
    theStage,
    services.map(({ name }) => name),
    chance.fork('operator'),
  );

  await theStage.storm(chance.between(40_000, 95_000));
  watch.checkAcknowledged();
  await theStage.calm(() => crowd.areDone() && doors.areDone());
  await mender.putAllBack();
  watch.checkAtRest();
  atRest?.(theStage, spans);
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

/** Of all faults the chosen kinds; the others never strike. */
const some = (faults: typeof allFaults, kinds: readonly Fault[]): typeof allFaults =>
  Object.fromEntries(kinds.map((kind) => [kind, faults[kind]])) as typeof allFaults;

/** A check that ends the play where it finds something. */
const orFail =
  <Args extends readonly unknown[]>(
    check: (...args: Args) => void,
    fail: (error: unknown) => void,
  ) =>
  (...args: Args): void => {
    try {
      check(...args);
    } catch (error) {
      fail(error);
    }
  };
