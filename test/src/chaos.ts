/**
 * Makes servers and services fail under load and holds what is left to what must always be true:
 * `npm run chaos [-- --fault <name> --times <n> --stores mongo|sqlite --rate <bookings a second>
 * --seed <n> --quick]`. Quick: each once, the auditor comes at the end, and customers do not come
 * faster than they are served.
 */
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { whyNoServers } from '@ensemble/testing/servers';
import { chanceOf } from '@ensemble/testing/stage';
import { report } from './audit/audit.ts';
import type { Accepted } from './audit/evidence.ts';
import { type Fault, faultsOn } from './chaos/faults.ts';
import { type Outcome, play, type Struck } from './chaos/play.ts';
import { openWorld } from './chaos/world.ts';
import type { Instance } from './instance.ts';

const { values } = parseArgs({
  options: {
    fault: { type: 'string' },
    times: { type: 'string' },
    stores: { type: 'string', default: 'mongo' },
    rate: { type: 'string' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    quick: { type: 'boolean', default: false },
  },
});
const { quick, seed } = values;
const stores = values.stores === 'sqlite' ? 'sqlite' : 'mongo';
const perSecond = Number(values.rate ?? (stores === 'sqlite' ? 100 : 20));
const timesOf = (fault: Fault): number => Number(values.times ?? (quick ? 1 : fault.times));

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
const violationsOf = ({ found }: Outcome): number =>
  found.flatMap((each) => each.violations).length;
const isInTime = ({ fault, pausesMs }: Struck): boolean => Math.max(...pausesMs) <= fault.limitMs;

/** How the same is had once more, as far as chance decides. */
const again = ({ name }: Fault): string =>
  `Again: npm run chaos -- --fault ${name} --stores ${stores} --rate ${perSecond} --seed ${seed}`;

const tell = (outcome: Outcome): void => {
  console.log('');
  for (const each of outcome.struck) {
    if (!isInTime(each) || violationsOf(outcome) > 0) console.log(again(each.fault));
  }
  for (const line of report(outcome.found)) console.log(`  ${line}`);
};

/** What a process says of itself, and what it printed last. */
const lastWordsOf = async (each: Instance): Promise<string> => {
  const { status, text } = (await each.readiness()) ?? { status: 'none', text: '' };
  return `${each.name}: ${status} ${text}\n${each.printed().slice(-1_500)}`;
};

/** Plays faults that need the same setting in one world. */
const playAll = async (faults: readonly [Fault, ...Fault[]]): Promise<Outcome[]> => {
  const world = await openWorld(faults[0].setting);
  const outcomes: Outcome[] = [];
  const accepted: Accepted[] = [];
  try {
    for (const some of quick ? [faults] : faults.map((fault) => [fault])) {
      const outcome = await play(world, {
        faults: some,
        timesOf,
        perSecond,
        isPatient: quick,
        chanceOf: ({ name }) => chanceOf(Number(seed)).fork(name),
        accepted,
        showId: `show-${outcomes.length}`,
        struckOnce: ({ name }, pauseMs) => console.log(`${name}: ${seconds(pauseMs)} s`),
      });
      outcomes.push(outcome);
      tell(outcome);
    }
  } catch (error) {
    const rest = faults.slice(outcomes.length);
    console.log(`\n${rest.map(again).join('\n')}\n`, error);
    for (const each of world.system.instancesOf()) console.log(await lastWordsOf(each));
    process.exitCode = 1;
  } finally {
    await world.close();
  }
  return outcomes;
};

const row = (...cells: readonly (string | number)[]): void => {
  const [name = '', ...others] = cells.map(String);
  console.log(name.padEnd(20), ...others.map((cell) => cell.padStart(14)));
};

const conclude = (outcomes: readonly Outcome[]): void => {
  console.log('');
  row('fault', 'times', 'bookings', 'longest pause', 'at most', 'audit');
  for (const outcome of outcomes) {
    const count = violationsOf(outcome);
    for (const { fault, bookings, pausesMs } of outcome.struck) {
      const pause = `${seconds(Math.max(...pausesMs))} s`;
      const verdict = count === 0 ? 'clean' : `${count} violations`;
      row(fault.name, pausesMs.length, bookings, pause, `${seconds(fault.limitMs)} s`, verdict);
    }
  }
  // How long it takes is a finding of full runs: in a quick one machines are busy with other things.
  const isWell = (each: Outcome): boolean =>
    violationsOf(each) === 0 && (quick || each.struck.every(isInTime));
  if (!outcomes.every(isWell)) process.exitCode = 1;
};

const run = async (): Promise<void> => {
  const why = whyNoServers();
  if (why !== null) {
    console.log(`Chaos is skipped: ${why}.`);
    return;
  }
  const all = faultsOn(stores);
  const chosen = all.filter(({ name }) => values.fault === undefined || name === values.fault);
  if (chosen.length === 0) {
    throw new Error(
      `There is no fault ${values.fault} with stores in ${stores}: expected one of ` +
        all.map(({ name }) => name).join(', '),
    );
  }
  const began = performance.now();
  console.log(`${perSecond} bookings/s, stores in ${stores}, seed ${seed}`);
  const outcomes: Outcome[] = [];
  const worlds = Map.groupBy(chosen, ({ setting }) => JSON.stringify(setting));
  for (const [first, ...others] of worlds.values()) {
    if (first !== undefined) outcomes.push(...(await playAll([first, ...others])));
  }
  conclude(outcomes);
  console.log(`${seconds(performance.now() - began)} s`);
};

// What runs ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
await run();
