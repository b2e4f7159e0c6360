import type { Chance } from './chance.ts';
import { type Backstage, player, type Player } from './player.ts';

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

/** Where a process of a service is, or is to come. */
export interface Place<P extends Playing = Playing> {
  readonly name: string;
  readonly part: Part<P>;
  here: { readonly player: Player; readonly playing: P } | null;
  /** Processes that were here before. */
  fallen: number;
}

/** All processes of all services: they come, and they go. */
export interface Troupe<P extends Playing = Playing> {
  readonly places: readonly Place<P>[];
  enter(place: Place<P>): void;
  /** The process that is here dies, and what it still awaits is never answered. */
  fall(place: Place<P>, how: string): void;
  /** As {@link Troupe.fall}; another comes after a while. */
  makeWay(place: Place<P>, how: string): void;
  /** The groups in which somebody listens. */
  groups(): string[];
}

const longestAbsenceMs = 20_000;

/** Everyone comes in the first steps. */
export const troupe = <P extends Playing>(
  parts: readonly Part<P>[],
  backstage: Backstage,
  chance: Chance,
): Troupe<P> => {
  const { world, log, watch } = backstage;
  const director = world.actor('director');
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
    world.tell(`${name} enters`);
    const entering = player(name, place.part.name, backstage, chance.fork(name));
    place.here = { player: entering, playing: place.part.begin(entering) };
  };

  const fall = (place: Place<P>, how: string): void => {
    if (place.here === null) return;
    const { actor, port } = place.here.player;
    watch.falls(place.here.player);
    world.tell(`${actor.name} ${how}`);
    place.here = null;
    place.fallen += 1;
    actor.die();
    log.crash(port);
  };

  for (const place of places) director.soon(`lets ${place.name} in`, () => enter(place));

  return {
    places,
    enter,
    fall,
    makeWay: (place, how) => {
      fall(place, how);
      const ms = chance.happens(0.5) ? 0 : chance.below(longestAbsenceMs);
      director.after(ms, `lets ${place.name} in`, () => enter(place));
    },
    groups: () => {
      const ports = places.map(({ here }) => here?.player.port);
      const members = [...log.members].filter(([, port]) => ports.includes(port));
      return [...new Set(members.map(([{ group }]) => group))];
    },
  };
};
