import { type MemoryLogData, memoryLogData } from '@ensemble/log';
import { type Commit, type MemoryStoreData, memoryStoreData } from '@ensemble/store';
import { noon } from '../given.ts';
import { chanceOf } from './chance.ts';
import type { StageFault } from './faults.ts';
import { misfortunes, type Troubles } from './misfortunes.ts';
import type { Backstage, Sabotage, Watch } from './player.ts';
import { unrest, visitPartitions } from './rest.ts';
import { type Part, type Playing, troupe } from './troupe.ts';
import type { Weather } from './weather.ts';
import { longestWayMs } from './wire.ts';
import { Restless, type World, world } from './world.ts';

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

const partitionsAtMost = 4;
const dayMs = 24 * 3_600_000;
const maxSteps = 100_000;

/** Raises a stage. Nothing happens until the world is let run. */
export const stage = <P extends Playing>({
  seed,
  parts,
  weather,
  watches,
  sabotage = {},
  onTrace,
}: {
  seed: number;
  parts: readonly Part<P>[];
  weather: Weather<StageFault>;
  watches: readonly Watch[];
  sabotage?: Sabotage | undefined;
  onTrace?: ((line: string) => void) | undefined;
}): Stage<P> => {
  const chance = chanceOf(seed).fork('stage');
  const scene = world({ chance: chance.fork('order'), beginsAt: noon, maxSteps, onTrace });
  const delivery = scene.actor('log');
  const log = memoryLogData({
    partitions: 1 + chance.below(partitionsAtMost),
    now: scene.now,
    schedule: (task) => delivery.soon('hands over', task),
    after: (ms, task) => delivery.after(ms, 'has waited', task),
  });
  const stores = new Map(
    parts.map(({ name }) => [name, memoryStoreData({ schedule: (task) => task() })]),
  );
  const store = (service: string): MemoryStoreData => {
    const found = stores.get(service);
    if (found === undefined) throw new Error(`there is no service ${service} on the stage`);
    return found;
  };

  const troubles: Troubles = { log: 0, store: 0, flawed: new Map() };
  const backstage: Backstage = {
    world: scene,
    log,
    store,
    weather,
    watch: audience(watches, scene.fail),
    sabotage,
    subscriptions: new Map(),
    inserted: insertedInto(store),
    isAway: (what) => troubles[what] > scene.now(),
    isFlawed: (service) => (troubles.flawed.get(service) ?? 0) > scene.now(),
  };
  const all = troupe(parts, backstage, chance.fork('troupe'));
  const strike = misfortunes(all, backstage, troubles, chance.fork('misfortunes'));

  const rest = async (isOver: () => boolean, how: { isFresh: boolean }): Promise<void> => {
    // Until then something that was sent before may still arrive.
    const earliest = scene.now() + 2 * longestWayMs;
    const isAtRest = (): boolean =>
      scene.now() > earliest && isOver() && unrest(all, backstage, how).length === 0;
    try {
      const end = await scene.run({ isOver: isAtRest, until: scene.now() + dayMs });
      if (end === 'late') throw new Restless('a day after the last fault it has not come to rest');
    } catch (error) {
      if (!(error instanceof Restless)) throw error;
      const left = unrest(all, backstage, how).slice(0, 5).join('; ') || 'somebody outside waits';
      throw new Restless(`${error.message}: ${left}`, { cause: error });
    }
  };

  return {
    world: scene,
    log,
    store,
    playing: (service) =>
      all.places.flatMap(({ part, here }) =>
        part.name === service && here !== null ? [here.playing] : [],
      ),
    storm: async (ms) => {
      const until = scene.now() + Math.round(ms);
      await scene.run({ isOver: () => false, until, between: strike });
    },
    calm: async (isOver = () => true) => {
      scene.tell('calm');
      weather.calm();
      Object.assign(troubles, { log: 0, store: 0 });
      troubles.flawed.clear();
      for (const place of all.places) {
        place.here?.player.actor.resume();
        all.enter(place);
      }
      void log.rebalance();
      await rest(isOver, { isFresh: false });
    },
    replay: async () => {
      scene.tell('replay');
      const groups = all.groups();
      for (const place of all.places) all.fall(place, 'ends');
      for (const group of groups) {
        visitPartitions(group, backstage, (topic, partition) =>
          log.progress.commit(group, topic, partition, 0),
        );
      }
      for (const place of all.places) all.enter(place);
      await rest(() => true, { isFresh: true });
    },
  };
};

/** Reads what was inserted into a stream since it was read last. */
const insertedInto = (store: (service: string) => MemoryStoreData): Backstage['inserted'] => {
  const known = new Map<string, number>();
  return (service, stream) => {
    const name = `${service} ${stream}`;
    const texts = store(service).commits.get(stream) ?? [];
    const fresh = texts.slice(known.get(name) ?? 0);
    known.set(name, texts.length);
    return fresh.map((text) => JSON.parse(text) as Commit);
  };
};

/** All who watch, as one; what they throw ends the play, wherever it was thrown. */
const audience = (watches: readonly Watch[], fail: (error: unknown) => void): Required<Watch> => {
  const tell = (about: (watch: Watch) => void): void => {
    try {
      for (const watch of watches) about(watch);
    } catch (error) {
      fail(error);
    }
  };
  return {
    appended: (records, by) => tell((watch) => watch.appended?.(records, by)),
    stored: (inserted, stream, by) => tell((watch) => watch.stored?.(inserted, stream, by)),
    happened: (happening, what, by) => tell((watch) => watch.happened?.(happening, what, by)),
    spanned: (span, player) => tell((watch) => watch.spanned?.(span, player)),
    falls: (player) => tell((watch) => watch.falls?.(player)),
  };
};
