import { lane, type Lane, type LaneHooks, type LaneSettings } from './lane.ts';
import type { Persistence, Ports } from './ports.ts';
import type { Service } from './service.ts';

/** The lanes of a service's streams. Idle ones are let go when there are too many. */
export interface Lanes {
  of(stream: string, partition: number): Lane;
  /** Forgets the streams of a partition that went to another member. */
  leave(partition: number): void;
}

/** Settings of the lanes of a service; the defaults are for production. */
export interface LanesSettings extends LaneSettings {
  /** Streams in memory at most, but for those that have something to do. */
  readonly lanesAtMost?: number | undefined;
}

export const lanes = (
  service: Service,
  ports: Ports,
  persistence: Persistence,
  hooks: LaneHooks,
  { lanesAtMost = 5_000, ...settings }: LanesSettings = {},
): Lanes => {
  /** In the order of last use. */
  const all = new Map<string, { lane: Lane; partition: number }>();

  const makeRoom = (): void => {
    for (const [stream, { lane: oldest }] of all) {
      if (all.size < lanesAtMost) return;
      if (!oldest.isIdle()) continue;
      all.delete(stream);
      ports.observe('let-go', { service: service.name, what: stream });
    }
  };

  return {
    of: (stream, partition) => {
      const known = all.get(stream);
      const entry = known ?? {
        lane: lane(service, { stream, partition }, ports, persistence, hooks, settings),
        partition,
      };
      if (known === undefined) makeRoom();
      else all.delete(stream);
      all.set(stream, entry);
      return entry.lane;
    },
    leave: (partition) => {
      for (const [stream, entry] of all) if (entry.partition === partition) all.delete(stream);
    },
  };
};
