import { type Delivery, openDelivery } from './delivery/delivery.ts';
import type { Member } from './delivery/group.ts';
import type { LocalReader } from './delivery/reader.ts';
import { firstFrom, type Progress, type Records } from './delivery/records.ts';
import { type Timing, timing } from './delivery/timing.ts';
import type { Log, LogRecord } from './log.ts';

/**
 * What a log in memory holds, apart from the ports to it: a test gives each simulated process a
 * port of its own, and does from here what no process would ask for.
 */
export interface MemoryLogData extends Timing {
  readonly partitions: number;
  readonly topics: Map<string, MemoryTopic>;
  readonly records: Records;
  readonly progress: Progress;
  readonly delivery: Delivery;
  /** Who consumes, and through which port, in the order of joining. */
  readonly members: Map<Member, Log>;
  readonly readers: Map<LocalReader, Log>;
  /** The ports of processes that died. */
  readonly dead: Set<Log>;
  /**
   * As if the process that holds this port died: nothing is handed to it any more, nothing it
   * still awaits is done or answered, and others get its partitions.
   */
  crash(port: Log): void;
  /** Shares the partitions of every group out anew, each to the next member. */
  rebalance(): Promise<void>;
  /**
   * Lets a member handle a partition that is another's, until the next rebalance: a zombie. Its
   * commits are refused, as Kafka does by generation.
   */
  alsoAssign(partition: number, member: Member): void;
}

interface MemoryTopic {
  readonly compacted: boolean;
  /** By partition. */
  readonly records: LogRecord[][];
  /** By partition, the offset of the next record. */
  readonly ends: number[];
}

/**
 * Makes an empty log in memory. Without a timing of yours it runs in the turns of the event loop
 * and by the system's clock; with one it has no other source of time or order.
 */
export const memoryLogData = ({
  partitions = 8,
  ...injected
}: { partitions?: number } & Partial<Timing> = {}): MemoryLogData => {
  const time = timing(injected);
  const topics = new Map<string, MemoryTopic>();
  const members = new Map<Member, Log>();
  const readers = new Map<LocalReader, Log>();
  const dead = new Set<Log>();
  const records = recordsIn(topics, partitions);
  const progress = progressInMemory();
  const delivery = openDelivery({ records, progress, timing: time });

  const crash = (port: Log): void => {
    dead.add(port);
    for (const [reader, of] of readers) if (of === port) void reader.stop();
    for (const [member, of] of members) {
      if (of !== port) continue;
      members.delete(member);
      member.crash();
    }
  };

  return {
    ...time,
    partitions,
    topics,
    records,
    progress,
    delivery,
    members,
    readers,
    dead,
    crash,
    rebalance: delivery.rebalance,
    alsoAssign: (partition, member) => member.haunt(partition),
  };
};

const recordsIn = (topics: ReadonlyMap<string, MemoryTopic>, partitions: number): Records => ({
  partitions,
  names: () => [...topics.keys()].sort(),
  end: (topic, partition) => topics.get(topic)?.ends[partition] ?? 0,
  slice(topic, partition, from, limit) {
    const records = topics.get(topic)?.records[partition] ?? [];
    const start = firstFrom(records, from);
    return records.slice(start, start + limit);
  },
});

const progressInMemory = (): Progress => {
  const offsets = new Map<string, number>();
  const keyOf = (...place: (string | number)[]): string => JSON.stringify(place);
  return {
    committed: (...place) => offsets.get(keyOf(...place)) ?? 0,
    commit(group, topic, partition, offset) {
      offsets.set(keyOf(group, topic, partition), offset);
    },
  };
};
