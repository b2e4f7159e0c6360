import type { ConsumeOptions, Consumer } from '../log.ts';
import { openFeed } from './feed.ts';
import { beginGeneration, type Generation } from './generation.ts';
import type { KafkaOffsets } from './offsets.ts';
import type { Settings } from './settings.ts';
import { pause } from './waiting.ts';
import { type Sight, watch } from './watchdog.ts';

/** Joins a group, and stays in it whatever happens to Kafka. */
export const joinGroup = (
  settings: Settings,
  consumer: ConsumeOptions,
  offsets: KafkaOffsets,
): Consumer => {
  const { limits } = settings;
  const { group, topics } = consumer;
  const joined = Promise.withResolvers<void>();
  const stopping = new AbortController();
  let generation: Generation | null = null;
  let had: readonly number[] = [];
  let ending: Promise<unknown> = Promise.resolve();

  /** Ends what it has: others may have it from now on. */
  const lose = (): void => {
    const lost = generation;
    generation = null;
    if (lost) ending = lost.end({ drainMs: limits.drainMs, commits: false });
  };

  const feed = openFeed(settings, {
    group,
    topics,
    had: () => had,
    rebalancing: () => void generation?.flush(),
    joining: lose,
    joined(assignment) {
      lose();
      if (stopping.signal.aborted) return;
      const begun = beginGeneration({
        settings,
        consumer,
        assignment,
        offsets,
        feed,
        before: ending,
      });
      generation = begun;
      had = begun.partitions;
      void begun.begun.then(() => {
        if (generation === begun) joined.resolve();
      });
    },
    async take(payload) {
      if (generation) await generation.take(payload);
      else await pause(limits.holdMs);
    },
    skipped: (topic, partition, next) => generation?.skipped(topic, partition, next),
  });

  const sights = async (): Promise<Sight[]> => {
    const ends = await offsets.ends(topics);
    // Who has no partitions at all waits for the group.
    if (!generation) return [{ place: 'its partitions', next: 0, end: 1, hasRoom: true }];
    const { inbox } = generation;
    return inbox.places().map(({ topic, partition }) => ({
      place: `${topic}/${partition}`,
      next: inbox.next(topic, partition) ?? 0,
      end: ends[topic]?.[partition] ?? 0,
      hasRoom: inbox.count(topic, partition) <= limits.waitingRecords / 2,
    }));
  };

  watch(settings, { name: group, sights, signal: stopping.signal });

  const leave = async (drainMs: number): Promise<void> => {
    stopping.abort();
    const last = generation;
    if (last) {
      ending = last.end({ drainMs, commits: true });
      await ending;
      generation = null;
    }
    await Promise.all([feed.stop(), ending]);
    joined.resolve();
  };
  let leaving: Promise<void> | null = null;

  return {
    joined: joined.promise,
    stop: ({ drainMs = limits.drainMs } = {}) => (leaving ??= leave(drainMs)),
  };
};
