import { lane, type Lane, type LaneHooks } from './lane.ts';
import type { Persistence, Ports } from './ports.ts';
import type { Service } from './service.ts';

const lanesAtMost = 5_000;

/** The lanes of a service's streams. Idle ones are let go when there are too many. */
export interface Lanes {
  of(stream: string, partition: number): Lane;
  /** Forgets the streams of a partition that went to another member. */
  leave(partition: number): void;
}

export const lanes = (
  service: Service,
  ports: Ports,
  persistence: Persistence,
  hooks: LaneHooks,
): Lanes => {
  /** In the order of last use. */
  const all = new Map<string, { lane: Lane; partition: number }>();

  const makeRoom = (): void => {
    for (const [stream, { lane: oldest }] of all) {
      if (all.size < lanesAtMost) return;
      if (oldest.isIdle()) all.delete(stream);
    }
  };

  return {
    of: (stream, partition) => {
      const known = all.get(stream);
      const entry = known ?? {
        lane: lane(service, { stream, partition }, ports, persistence, hooks),
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
