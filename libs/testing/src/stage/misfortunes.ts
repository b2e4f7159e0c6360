import { flowTopic } from '@ensemble/choreography';
import { memoryLog } from '@ensemble/log';
import type { Chance } from './chance.ts';
import type { Misfortune } from './faults.ts';
import { garbageOf } from './garbage.ts';
import type { Backstage } from './player.ts';
import type { Place, Troupe } from './troupe.ts';

/** Until when what is away or flawed remains so, in milliseconds since 1970 UTC. */
export interface Troubles {
  log: number;
  store: number;
  /** By service. */
  readonly flawed: Map<string, number>;
}

type Here = NonNullable<Place['here']>;

const longestMs = { pause: 15_000, outage: 10_000, flaw: 30_000 };

/** Lets misfortunes befall processes; tells whether one did. To be called between two steps. */
export const misfortunes = (
  { places, makeWay }: Troupe,
  { world, log, weather }: Backstage,
  troubles: Troubles,
  chance: Chance,
): (() => boolean) => {
  const director = world.actor('director');
  const outside = memoryLog({ ...log, schedule: (task) => task() });
  const until = (ms: number): number => world.now() + chance.below(ms);

  const befall: Readonly<Record<Misfortune, (here: Here, place: Place) => void>> = {
    crashes: (_here, place) => makeWay(place, 'crashes'),
    stops: ({ player, playing }, place) => {
      world.tell(`${player.actor.name} is stopped`);
      void playing.stop().then(() => {
        if (place.here?.player === player) makeWay(place, 'has stopped');
      });
    },
    pauses: ({ player: { actor } }) => {
      world.tell(`${actor.name} is paused`);
      actor.pause();
      director.after(chance.below(longestMs.pause), `wakes ${actor.name}`, actor.resume);
    },
    rebalances: () => {
      world.tell('the log rebalances');
      void log.rebalance();
    },
    'two owners': ({ player: { actor, port } }) => {
      const partition = chance.below(log.partitions);
      world.tell(`${actor.name} has partition ${partition} too`);
      for (const [member, of] of log.members) if (of === port) log.alsoAssign(partition, member);
    },
    'log away': () => {
      troubles.log = until(longestMs.outage);
    },
    'store away': () => {
      troubles.store = until(longestMs.outage);
    },
    'flawed code': ({ player: { service } }) => {
      world.tell(`${service} has a flaw`);
      troubles.flawed.set(service, until(longestMs.flaw));
    },
    'garbage on the log': () => {
      const topic = log.topics.get(chance.pick([...log.topics.keys()]) ?? flowTopic);
      const original = chance.pick(topic?.records.flat() ?? []);
      if (original === undefined || original.topic === flowTopic) return;
      world.tell(`somebody puts garbage on ${original.topic}`);
      void outside.append([garbageOf(original, chance)]);
    },
  };
  const kinds = Object.keys(befall) as Misfortune[];

  return () => {
    let isStruck = false;
    for (const kind of kinds) {
      if (!weather.strikes(kind)) continue;
      const place = chance.pick(places);
      if (place?.here?.player.actor.state !== 'up') continue;
      befall[kind](place.here, place);
      isStruck = true;
    }
    return isStruck;
  };
};
