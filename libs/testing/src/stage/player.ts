import type { Happening, Ports } from '@ensemble/choreography';
import { type Log, LogUnavailable, memoryLog, type MemoryLogData } from '@ensemble/log';
import type { NewRecord } from '@ensemble/log';
import { shareOf, type SpanRecord, spanTracing } from '@ensemble/telemetry';
import {
  type Commit,
  memoryStore,
  type MemoryStoreData,
  type Store,
  StoreUnavailable,
} from '@ensemble/store';
import type { Chance } from './chance.ts';
import type { StageFault } from './faults.ts';
import { stormyLog } from './stormy-log.ts';
import { stormyStore } from './stormy-store.ts';
import type { Weather } from './weather.ts';
import { type Wire, wire } from './wire.ts';
import type { Actor, World } from './world.ts';

/** A process of a service: it lives until it crashes, and then another takes its place. */
export interface Player {
  readonly service: string;
  readonly actor: Actor;
  readonly ports: Ports;
  /** Its end of the log: by it the log knows who died. */
  readonly port: Log;
  /** Whether the code that it runs has a bug just now. */
  isFlawed(): boolean;
  /** A wire to something outside; away while `isAway` says so. */
  wireTo(name: string, options: { isAway(): boolean; failure(): Error }): Wire;
}

/** Whoever watches from outside. What they throw ends the play. */
export interface Watch {
  appended?(records: readonly NewRecord[], by: Player): void;
  /** A process appended commits to a stream: those that were inserted, none if it lost a race. */
  stored?(inserted: readonly Commit[], stream: string, by: Player): void;
  happened?(happening: Happening, what: string, by: Player): void;
  /** A span of a process's work ended. */
  spanned?(span: SpanRecord, by: Player): void;
  /** A process is about to die. */
  falls?(player: Player): void;
}

/** Changes what a process is given, to plant a bug. */
export interface Sabotage {
  log?(log: Log, player: Player): Log;
  /** @param data what the store holds, which no process can reach */
  store?(store: Store, player: Player, data: MemoryStoreData): Store;
}

/** What all players share, and no player sees. */
export interface Backstage {
  readonly world: World;
  readonly log: MemoryLogData;
  store(service: string): MemoryStoreData;
  readonly weather: Weather<StageFault>;
  readonly watch: Required<Watch>;
  readonly sabotage: Sabotage;
  /** The commits that were inserted into a stream since this was asked last. */
  inserted(service: string, stream: string): readonly Commit[];
  /** The topics of each group. */
  readonly subscriptions: Map<string, readonly string[]>;
  isAway(what: 'log' | 'store'): boolean;
  isFlawed(service: string): boolean;
}

const skewMs = 120_000;

/** Ids of 16 hex digits, the same ones for the same seed. */
const idsOf = (chance: Chance) => (): string =>
  [0, 1].map(() => (1 + chance.below(0xffff_fffe)).toString(16).padStart(8, '0')).join('');

/** A new process of a service, with ports of its own. */
export const player = (
  name: string,
  service: string,
  {
    world,
    log,
    store,
    weather,
    watch,
    sabotage,
    inserted,
    subscriptions,
    isAway,
    isFlawed,
  }: Backstage,
  chance: Chance,
): Player => {
  const actor = world.actor(name);
  const port = memoryLog(log);
  const skew = weather.strikes('skewed clocks') ? Math.round(chance.between(-skewMs, skewMs)) : 0;

  const wireTo: Player['wireTo'] = (to, options) =>
    wire(actor, to, { chance, weather, ...options });

  // An error each, made once: stacks are dear, and nobody reads these.
  const logAway = new LogUnavailable('the log does not answer');
  const storeAway = new StoreUnavailable('the store does not answer');

  const ownLog = stormyLog(
    // What has left a process arrives also after its death, so not by its own port.
    { server: memoryLog({ ...log, schedule: (task) => task() }), own: port, data: log },
    {
      actor,
      chance,
      weather,
      wire: wireTo('log', {
        isAway: () => isAway('log'),
        failure: () => logAway,
      }),
      applied: (records) => watch.appended(records, self),
      consumes: ({ group, topics }) => void subscriptions.set(group, topics),
    },
  );
  const ownStore = stormyStore(memoryStore(store(service)), {
    chance,
    wire: wireTo('store', {
      isAway: () => isAway('store'),
      failure: () => storeAway,
    }),
    applied: (stream) => watch.stored(inserted(service, stream), stream, self),
  });

  const ports: { -readonly [Port in keyof Ports]: Ports[Port] } = {
    log: ownLog,
    store: ownStore,
    clock: {
      now: () => world.now() + skew,
      after: (ms, task) => actor.after(ms, 'wakes up', task),
    },
    random: chance.next,
    observe: (happening, { what }) => {
      world.tell(`${name} ${happening} ${what}`);
      watch.happened(happening, what, self);
    },
    telemetry: spanTracing({
      service,
      sampling: shareOf(1),
      sink: (span) => watch.spanned(span, self),
      system: 'ensemble',
      now: () => world.now() + skew,
      newId: idsOf(chance.fork('trace ids')),
    }),
  };
  const self: Player = {
    service,
    actor,
    port,
    ports,
    wireTo,
    isFlawed: () => isFlawed(service),
  };
  ports.log = sabotage.log?.(ownLog, self) ?? ownLog;
  ports.store = sabotage.store?.(ownStore, self, store(service)) ?? ownStore;
  return self;
};
