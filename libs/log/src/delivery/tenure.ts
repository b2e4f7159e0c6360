import { type Lane, openLane } from './lane.ts';
import type { ConsumeOptions } from '../log.ts';
import type { Progress, Records } from './records.ts';
import type { Timing } from './timing.ts';

/** One member's time with one partition of all its topics. */
export interface Tenure {
  /** Resolves when the member has taken the partition on. */
  readonly begun: Promise<void>;
  wake(topic: string): void;
  /** No further batch; what is in flight is awaited, but not for ever; then it is revoked. */
  end(drainMs: number): Promise<void>;
  /** The member is dead: it hears nothing more, and nothing it does counts. */
  drop(): void;
}

export interface TenureOptions {
  readonly records: Records;
  readonly progress: Progress;
  readonly timing: Timing;
  readonly consumer: ConsumeOptions;
  readonly partition: number;
  /** Whether the group takes its commits; a zombie's are refused, as Kafka does by generation. */
  readonly counts: boolean;
}

const DEFAULT_WINDOW = 256;
const RETRY_ASSIGNED_MS = 100;

/** Gives a partition to a member. */
export const beginTenure = (options: TenureOptions): Tenure => {
  const { records, progress, timing, consumer, partition, counts } = options;
  const { group, topics, window = DEFAULT_WINDOW } = consumer;
  const dropped = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const lanes = new Map<string, Lane>();
  let state: 'current' | 'ending' | 'over' = 'current';

  const isOver = (): boolean => state === 'over';

  /** Awaits work for so long at most, and not at all once the member is dead. */
  const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
    const over = Promise.withResolvers<void>();
    const callOff = timing.after(ms, over.resolve);
    await Promise.race([work, over.promise, dropped.promise]);
    callOff();
  };

  const commit = (topic: string, offset: number): void => {
    const forward = offset > progress.committed(group, topic, partition);
    if (counts && forward && !isOver()) progress.commit(group, topic, partition, offset);
  };

  const open = (topic: string): Lane =>
    openLane({
      records,
      timing,
      topic,
      partition,
      window,
      from: progress.committed(group, topic, partition),
      resumeFrom: () => progress.committed(group, topic, partition),
      take: (batch) =>
        consumer.handle({
          topic,
          partition,
          records: batch,
          commit: (offset) => commit(topic, offset),
        }),
      moved: (position) => commit(topic, position),
      skipped: (offset) => {
        if (!isOver()) consumer.skipped?.({ topic, partition, offset });
      },
    });

  const begin = async (): Promise<void> => {
    await takeOn();
    if (state !== 'current') return;
    for (const topic of topics) lanes.set(topic, open(topic));
    for (const lane of lanes.values()) lane.wake();
    begun.resolve();
  };

  /** A member that cannot take a partition on yet (its store is away) is asked again. */
  const takeOn = async (): Promise<void> => {
    while (state === 'current') {
      try {
        return await consumer.assigned(partition);
      } catch {
        await within(RETRY_ASSIGNED_MS, new Promise(() => {}));
      }
    }
  };

  const revoke = async (): Promise<void> => {
    try {
      await consumer.revoked(partition);
    } catch {
      // The partition is another's all the same.
    }
  };

  const stopLanes = (): Promise<unknown> =>
    Promise.all([...lanes.values()].map((lane) => lane.stop()));

  const beginning = begin();

  return {
    begun: begun.promise,
    wake: (topic) => lanes.get(topic)?.wake(),
    async end(drainMs) {
      if (state !== 'current') return;
      state = 'ending';
      await within(drainMs, Promise.all([beginning, stopLanes()]));
      if (isOver()) return;
      state = 'over';
      begun.resolve();
      await within(drainMs, revoke());
    },
    drop() {
      state = 'over';
      begun.resolve();
      dropped.resolve();
      void stopLanes();
    },
  };
};
