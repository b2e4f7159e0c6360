import type { ConsumeOptions, ReadOptions } from '../log.ts';
import { type Group, type Member, openGroup } from './group.ts';
import { type LocalReader, startReader } from './reader.ts';
import type { Progress, Records } from './records.ts';
import type { Timing } from './timing.ts';

/** Hands what is in a log of this process to those who consume and read. */
export interface Delivery {
  readonly consume: (options: ConsumeOptions) => Member;
  readonly read: (options: ReadOptions) => LocalReader;
  /** These were appended. */
  readonly wake: (appended: readonly { topic: string; partition: number }[]) => void;
  /** Shares the partitions of every group out anew, each to the next member. */
  readonly rebalance: () => Promise<void>;
}

export interface DeliveryOptions {
  readonly records: Records;
  readonly progress: Progress;
  readonly timing: Timing;
}

/** Opens the delivery of a log. */
export const openDelivery = (options: DeliveryOptions): Delivery => {
  const groups = new Map<string, Group>();
  const readers = new Set<LocalReader>();

  const groupOf = (name: string): Group => {
    const group = groups.get(name) ?? openGroup(name, options);
    groups.set(name, group);
    return group;
  };

  const wake = (topic: string, partition: number): void => {
    for (const group of groups.values()) group.wake(topic, partition);
    for (const reader of readers) reader.wake(topic, partition);
  };

  return {
    consume: (consumer) => groupOf(consumer.group).join(consumer),
    read(reading) {
      const reader = startReader(options.records, options.timing, reading);
      readers.add(reader);
      return {
        ...reader,
        async stop() {
          readers.delete(reader);
          await reader.stop();
        },
      };
    },
    wake(appended) {
      const woken = new Set<string>();
      for (const { topic, partition } of appended) {
        const place = `${partition}/${topic}`;
        if (!woken.has(place)) wake(topic, partition);
        woken.add(place);
      }
    },
    async rebalance() {
      await Promise.all([...groups.values()].map((group) => group.rebalance()));
    },
  };
};
