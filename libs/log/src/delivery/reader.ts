import { type Lane, openLane } from './lane.ts';
import type { Reader, ReadOptions } from '../log.ts';
import { offsetsOf, type Records } from './records.ts';
import type { Timing } from './timing.ts';

const WINDOW = 500;

/** A reader of this process, and how the log tells it what happens. */
export interface LocalReader extends Reader {
  /** Something was appended here. */
  wake(topic: string, partition: number): void;
}

/** Starts reading: a lane for each topic and partition, those of topics to come included. */
export const startReader = (
  records: Records,
  timing: Timing,
  options: ReadOptions,
): LocalReader => {
  const { topics, from } = options;
  const partitions = Array.from({ length: records.partitions }, (_, partition) => partition);
  const names = (): readonly string[] => (topics === 'all' ? records.names() : topics);
  const lanes = new Map<string, readonly Lane[]>();
  const caughtUp = Promise.withResolvers<void>();
  const behind = new Set<Lane>();
  let stopped = false;

  const start = (topic: string, partition: number): number => {
    if (from === 'start') return 0;
    return from === 'end' ? records.end(topic, partition) : (from[topic]?.[partition] ?? 0);
  };

  const open = (topic: string, startOf: typeof start): readonly Lane[] => {
    const opened = partitions.map((partition) => {
      const end = records.end(topic, partition);
      const lane: Lane = openLane({
        records,
        timing,
        topic,
        partition,
        from: startOf(topic, partition),
        window: WINDOW,
        take: (batch) => options.onRecords(batch),
        moved(position) {
          if (position >= end) arrived(lane);
        },
      });
      if (lane.position() < end) behind.add(lane);
      return lane;
    });
    lanes.set(topic, opened);
    return opened;
  };

  const arrived = (lane: Lane): void => {
    if (behind.delete(lane) && behind.size === 0) caughtUp.resolve();
  };

  for (const topic of names()) open(topic, start);
  if (behind.size === 0) caughtUp.resolve();
  for (const lane of [...lanes.values()].flat()) lane.wake();

  return {
    caughtUp: caughtUp.promise,
    positions: () =>
      offsetsOf(
        [...lanes.keys()],
        records.partitions,
        (topic, partition) => lanes.get(topic)?.[partition]?.position() ?? 0,
      ),
    wake(topic, partition) {
      if (stopped) return;
      const isNew = topics === 'all' && !lanes.has(topic);
      // A topic that came after reading began is read from its first record.
      const ofTopic = isNew ? open(topic, () => 0) : lanes.get(topic);
      ofTopic?.[partition]?.wake();
    },
    async stop() {
      stopped = true;
      await Promise.all([...lanes.values()].flat().map((lane) => lane.stop()));
    },
  };
};
