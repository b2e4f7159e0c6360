import type { Consumer, ConsumeOptions } from '../log.ts';
import type { DeliveryOptions } from './delivery.ts';
import { beginTenure, type Tenure } from './tenure.ts';

/** A group whose members share the partitions. */
export interface Group {
  readonly join: (options: ConsumeOptions) => Member;
  /** Something was appended here. */
  readonly wake: (topic: string, partition: number) => void;
  /** Shares the partitions out anew, each to the next member. */
  readonly rebalance: () => Promise<void>;
}

/** One consumer of a group. */
export interface Member extends Consumer {
  readonly group: string;
  /** The partitions it has now. */
  partitions(): number[];
  /** It vanishes without leaving: nothing is handed to it any more, others get its partitions. */
  crash(): void;
  /** It holds a partition that is another's too, until the next rebalance. */
  haunt(partition: number): void;
}

interface Holding {
  readonly member: Member;
  readonly tenure: Tenure;
  /** How long the holder may take to let go. */
  drainMs: number;
}

const DRAIN_MS = 3_000;

/** Opens a group. Partition n of all topics is one member's; another gets it when that one is done. */
export const openGroup = (group: string, options: DeliveryOptions): Group => {
  const partitions = Array.from({ length: options.records.partitions }, (_, n) => n);
  const members = new Map<Member, ConsumeOptions>();
  const owners = new Map<number, Holding>();
  const zombies = new Map<number, readonly Holding[]>();
  const settled = new Map<number, Promise<void>>();
  let turn = 0;

  const holdings = (partition: number): readonly Holding[] => {
    const owner = owners.get(partition);
    const others = zombies.get(partition) ?? [];
    return owner ? [owner, ...others] : others;
  };

  const holdingsOf = (member: Member, partition: number): readonly Holding[] =>
    holdings(partition).filter((holding) => holding.member === member);

  const hold = (
    partition: number,
    [member, consumer]: readonly [Member, ConsumeOptions],
    { counts }: { counts: boolean },
  ): Holding => {
    const tenure = beginTenure({ ...options, consumer, partition, counts });
    return { member, tenure, drainMs: DRAIN_MS };
  };

  const shareOut = async (): Promise<void> => {
    await Promise.all(
      partitions.map((partition) => {
        const before = settled.get(partition) ?? Promise.resolve();
        const after = before.then(() => settle(partition));
        settled.set(partition, after);
        return after;
      }),
    );
  };

  /** Brings a partition to whom it belongs to, which may change while one waits. */
  const settle = async (partition: number): Promise<void> => {
    await layGhosts(partition);
    for (;;) {
      const next = [...members][(partition + turn) % members.size];
      const owner = owners.get(partition);
      if (owner?.member === next?.[0]) return;
      if (owner) {
        await owner.tenure.end(owner.drainMs);
        owners.delete(partition);
      } else if (zombies.has(partition)) {
        // Who began to haunt it meanwhile may be the next: nobody holds a partition twice.
        await layGhosts(partition);
      } else if (next) {
        owners.set(partition, hold(partition, next, { counts: true }));
      }
    }
  };

  const layGhosts = async (partition: number): Promise<void> => {
    const ghosts = zombies.get(partition) ?? [];
    zombies.delete(partition);
    await Promise.all(ghosts.map(({ tenure }) => tenure.end(0)));
  };

  const join = (consumer: ConsumeOptions): Member => {
    const begin = async (): Promise<void> => {
      await shareOut();
      const own = partitions.flatMap((partition) => holdingsOf(member, partition));
      await Promise.all(own.map(({ tenure }) => tenure.begun));
    };

    const leave = async (drainMs: number): Promise<void> => {
      members.delete(member);
      const own = partitions.flatMap((partition) => holdingsOf(member, partition));
      for (const holding of own) holding.drainMs = drainMs;
      await shareOut();
    };

    const crash = (): void => {
      members.delete(member);
      for (const partition of partitions) {
        for (const { tenure } of holdingsOf(member, partition)) tenure.drop();
        if (owners.get(partition)?.member === member) owners.delete(partition);
      }
      void shareOut();
    };

    const haunt = (partition: number): void => {
      if (holdingsOf(member, partition).length > 0) return;
      const ghost = hold(partition, [member, consumer], { counts: false });
      zombies.set(partition, [...(zombies.get(partition) ?? []), ghost]);
    };

    const member: Member = {
      group,
      get joined() {
        return joined;
      },
      partitions: () => partitions.filter((partition) => holdingsOf(member, partition).length > 0),
      stop: ({ drainMs = DRAIN_MS } = {}) => leave(drainMs),
      crash,
      haunt,
    };
    members.set(member, consumer);
    const joined = begin();
    return member;
  };

  return {
    join,
    wake(topic, partition) {
      for (const { tenure } of holdings(partition)) tenure.wake(topic);
    },
    rebalance() {
      turn += 1;
      return shareOut();
    },
  };
};
