import { flowTopic } from '@ensemble/choreography';
import { memoryLog, type MemoryLogData, memoryLogData } from '@ensemble/log';
import { type Commit, type MemoryStoreData, memoryStoreData } from '@ensemble/store';
import { type Chance, chanceOf } from './chance.ts';
import { garbageOf } from './garbage.ts';
import { noon } from './given.ts';
import { type Backstage, player, type Player, type Sabotage, type Watch } from './player.ts';
import type { LogFault } from './stormy-log.ts';
import type { Faults, Weather } from './weather.ts';
import type { WireFault } from './wire.ts';
import { Restless, type World, world } from './world.ts';

/** What can befall processes between two steps. */
export type ProcessFault =
  | 'crashes'
  | 'stops'
  | 'pauses'
  | 'rebalances'
  | 'two owners'
  | 'log away'
  | 'store away'
  | 'flawed code'
  | 'garbage on the log';

export type StageFault = ProcessFault | WireFault | LogFault | 'skewed clocks';

const perStep = [0.0003, 0.003] as const;
const perCall = [0.002, 0.1] as const;
const perDelivery = [0.02, 0.3] as const;
/** The faults that a choreography has to bear, whatever it is about. */
export const stageFaults: Faults<StageFault> = {
  crashes: perStep,
  stops: perStep,
  pauses: perStep,
  rebalances: perStep,
  'two owners': perStep,
  'log away': [0.0001, 0.0005],
  'store away': [0.0001, 0.0005],
  'flawed code': [0.0001, 0.0005],
  'garbage on the log': perStep,
  'skewed clocks': [0.3, 1],
  'calls refused': perCall,
  'answers lost': perCall,
  'calls half done': perCall,
  'calls that take their time': perCall,
  'records twice': perDelivery,
  'late deliveries': perDelivery,
  'offsets lost': [0.1, 0.5],
  'offsets set back': [0.1, 0.6],
};

/** What runs of a service. */
export interface Playing {
  stop(): Promise<void>;
  /** Inputs that it has put aside and means to try again. */
  parked(): number;
}

/** A service on the stage, and how many processes of it there are at a time. */
export interface Part<P extends Playing = Playing> {
  readonly name: string;
  readonly processes: number;
  /** Starts a process of it. */
  begin(player: Player): P;
}

/** A stage: services with the real runtime, on a log and stores in memory, in a world of chance. */
export interface Stage<P extends Playing = Playing> {
  readonly world: World;
  readonly log: MemoryLogData;
  store(service: string): MemoryStoreData;
  /** What runs of a service at this moment. */
  playing(service: string): readonly P[];
  /** Lets the world run, with all faults, for so many milliseconds. */
  storm(ms: number): Promise<void>;
  /**
   * Ends all faults and lets the world run until it rests, at most for a day.
   * @param isOver whether whoever else has something to do is done
   * @throws Restless if it does not come to rest
   */
  calm(isOver?: () => boolean): Promise<void>;
  /** Everyone starts anew and hears everything again; resolves when the world rests. */
  replay(): Promise<void>;
}

/** One of a service's places for a process. */
interface Place<P extends Playing> {
  readonly name: string;
  readonly part: Part<P>;
  here: { readonly player: Player; readonly playing: P } | null;
  /** Processes that were here before. */
  fallen: number;
}

const partitionsAtMost = 4;
const dayMs = 24 * 3_600_000;
const maxSteps = 60_000;
const longestMs = {
  absence: 20_000,
  pause: 15_000,
  outage: 10_000,
  flaw: 30_000,
};

/** Raises a stage. Nothing happens until the world is let run. */
export const stage = <P extends Playing>({
  seed,
  parts,
  weather,
  watch = {},
  sabotage = {},
  onTrace,
}: {
  seed: number;
  parts: readonly Part<P>[];
  weather: Weather<StageFault>;
  watch?: Watch;
  sabotage?: Sabotage | undefined;
  onTrace?: ((line: string) => void) | undefined;
}): Stage<P> => {
  const chance: Chance = chanceOf(seed).fork('stage');
  const scene = world({ chance: chance.fork('order'), beginsAt: noon, maxSteps, onTrace });
  const partitions = 1 + chance.below(partitionsAtMost);
  const director = scene.actor('director');
  const delivery = scene.actor('log');
  const log = memoryLogData({
    partitions,
    now: scene.now,
    schedule: (task) => delivery.soon('hands over', task),
    after: (ms, task) => delivery.after(ms, 'has waited', task),
  });
  const outside = memoryLog({ ...log, schedule: (task) => task() });
  const stores = new Map(
    parts.map(({ name }) => [name, memoryStoreData({ schedule: (task) => task() })]),
  );
  const awayUntil = { log: 0, store: 0 };
  const flawedUntil = new Map<string, number>();

  const store = (service: string): MemoryStoreData => {
    const found = stores.get(service);
    if (found === undefined) throw new Error(`there is no service ${service} on the stage`);
    return found;
  };
  const known = new Map<string, number>();
  const inserted: Backstage['inserted'] = (service, stream) => {
    const name = `${service} ${stream}`;
    const texts = store(service).commits.get(stream) ?? [];
    const fresh = texts.slice(known.get(name) ?? 0);
    known.set(name, texts.length);
    return fresh.map((text) => JSON.parse(text) as Commit);
  };
  const backstage: Backstage = {
    world: scene,
    log,
    store,
    weather,
    watch: guarded(watch, scene.fail),
    sabotage,
    subscriptions: new Map(),
    inserted,
    isAway: (what) => awayUntil[what] > scene.now(),
    isFlawed: (service) => (flawedUntil.get(service) ?? 0) > scene.now(),
  };

  const places: Place<P>[] = parts.flatMap((part) =>
    Array.from({ length: part.processes }, (_, index) => ({
      name: `${part.name}-${index + 1}`,
      part,
      here: null,
      fallen: 0,
    })),
  );

  const enter = (place: Place<P>): void => {
    if (place.here !== null) return;
    const name = place.fallen === 0 ? place.name : `${place.name}.${place.fallen}`;
    scene.tell(`${name} enters`);
    const entering = player(name, place.part.name, backstage, chance.fork(name));
    place.here = { player: entering, playing: place.part.begin(entering) };
  };

  /** A process dies, and what it still awaits is never answered. */
  const fall = (place: Place<P>, how: string): void => {
    if (place.here === null) return;
    const { player: falling } = place.here;
    watch.falls?.(falling);
    scene.tell(`${falling.actor.name} ${how}`);
    place.here = null;
    place.fallen += 1;
    falling.actor.die();
    log.crash(falling.port);
  };

  const comeBack = (place: Place<P>): void => {
    const ms = chance.happens(0.5) ? 0 : chance.below(longestMs.absence);
    director.after(ms, `lets ${place.name} in`, () => enter(place));
  };

  const membersOf = ({ port }: Player) =>
    [...log.members].flatMap(([member, of]) => (of === port ? [member] : []));

  const befall: Readonly<Record<ProcessFault, (place: Place<P>, now: Player) => void>> = {
    crashes: (place) => {
      fall(place, 'crashes');
      comeBack(place);
    },
    stops: (place, stopping) => {
      scene.tell(`${stopping.actor.name} is stopped`);
      void place.here?.playing.stop().then(() => {
        if (place.here?.player !== stopping) return;
        fall(place, 'has stopped');
        comeBack(place);
      });
    },
    pauses: (_place, { actor }) => {
      scene.tell(`${actor.name} is paused`);
      actor.pause();
      director.after(chance.below(longestMs.pause), `wakes ${actor.name}`, actor.resume);
    },
    rebalances: () => {
      scene.tell('the log rebalances');
      void log.rebalance();
    },
    'two owners': (_place, { actor, port }) => {
      const partition = chance.below(partitions);
      scene.tell(`${actor.name} has partition ${partition} too`);
      for (const [member, of] of log.members) if (of === port) log.alsoAssign(partition, member);
    },
    'log away': () => {
      awayUntil.log = scene.now() + chance.below(longestMs.outage);
    },
    'store away': () => {
      awayUntil.store = scene.now() + chance.below(longestMs.outage);
    },
    'flawed code': (_place, { service }) => {
      scene.tell(`${service} has a flaw`);
      flawedUntil.set(service, scene.now() + chance.below(longestMs.flaw));
    },
    'garbage on the log': () => {
      const { records = [] } = log.topics.get(chance.pick([...log.topics.keys()]) ?? '') ?? {};
      const original = chance.pick(records.flat());
      if (original === undefined || original.topic === flowTopic) return;
      scene.tell(`somebody puts garbage on ${original.topic}`);
      void outside.append([garbageOf(original, chance)]);
    },
  };
  const processFaults = Object.keys(befall) as ProcessFault[];

  const strike = (): boolean => {
    let isStruck = false;
    for (const fault of processFaults) {
      if (!weather.strikes(fault)) continue;
      const place = chance.pick(places);
      if (place?.here?.player.actor.state !== 'up') continue;
      befall[fault](place, place.here.player);
      isStruck = true;
    }
    return isStruck;
  };

  const groups = (): string[] => [
    ...new Set(
      places.flatMap(({ here }) => (here ? membersOf(here.player) : [])).map(({ group }) => group),
    ),
  ];

  /** What is still to come, in words: nothing when the stage is at rest. */
  const unrest = (): string[] => [
    ...places.flatMap(({ name, here }) => (here === null ? [`${name} is away`] : [])),
    ...places.flatMap(({ name, here }) =>
      here !== null && here.playing.parked() > 0 ? [`${name} has something parked`] : [],
    ),
    ...[...stores].flatMap(([service, { toDos, parked, causes }]) => [
      ...[...toDos.values()].map(({ name, id }) => `${service} has to-do ${name} ${id} on file`),
      // What a zombie parked though the owner had decided it waits for nobody.
      ...[...parked.values()]
        .flatMap((inputs) => [...inputs.values()])
        .filter(({ stream, id }) => causes.get(stream)?.has(id) !== true)
        .map(({ stream, id }) => `${service} has ${id} of ${stream} parked`),
    ]),
    ...groups().flatMap((group) => lagOf(group)),
  ];

  const forEachPart = (
    group: string,
    visit: (topic: string, partition: number, end: number) => void,
  ): void => {
    for (const topic of backstage.subscriptions.get(group) ?? []) {
      for (const [partition, end] of (log.topics.get(topic)?.ends ?? []).entries()) {
        visit(topic, partition, end);
      }
    }
  };

  const lagOf = (group: string): string[] => {
    const lags: string[] = [];
    forEachPart(group, (topic, partition, end) => {
      const committed = log.progress.committed(group, topic, partition);
      if (committed < end)
        lags.push(`${group} heard ${topic}/${partition} up to ${committed} of ${end}`);
    });
    return lags;
  };

  const rest = async (isOver: () => boolean): Promise<void> => {
    try {
      const how = await scene.run({
        isOver: () => isOver() && unrest().length === 0,
        until: scene.now() + dayMs,
      });
      if (how === 'late') throw new Restless('a day after the last fault it has not come to rest');
    } catch (error) {
      if (!(error instanceof Restless)) throw error;
      const left = unrest().slice(0, 5).join('; ') || 'somebody outside waits';
      throw new Restless(`${error.message}: ${left}`);
    }
  };

  for (const place of places) director.soon(`lets ${place.name} in`, () => enter(place));

  return {
    world: scene,
    log,
    store,
    playing: (service) =>
      places.flatMap(({ part, here }) =>
        part.name === service && here !== null ? [here.playing] : [],
      ),
    storm: async (ms) => {
      await scene.run({
        isOver: () => false,
        until: scene.now() + Math.round(ms),
        between: strike,
      });
    },
    calm: async (isOver = () => true) => {
      scene.tell('calm');
      weather.calm();
      awayUntil.log = awayUntil.store = 0;
      flawedUntil.clear();
      for (const place of places) {
        place.here?.player.actor.resume();
        enter(place);
      }
      void log.rebalance();
      await rest(isOver);
    },
    replay: async () => {
      scene.tell('replay');
      const all = groups();
      for (const place of places) fall(place, 'ends');
      for (const group of all) {
        forEachPart(group, (topic, partition) => log.progress.commit(group, topic, partition, 0));
      }
      for (const place of places) enter(place);
      await rest(() => true);
    },
  };
};

/** What a watch throws ends the play, wherever it was thrown. */
const guarded = (watch: Watch, fail: (error: unknown) => void): Watch =>
  Object.fromEntries(
    Object.entries(watch).map(([name, hear]: [string, (...about: unknown[]) => void]) => [
      name,
      (...about: unknown[]): void => {
        try {
          hear(...about);
        } catch (error) {
          fail(error);
        }
      },
    ]),
  );
