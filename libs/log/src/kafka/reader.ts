import { type LocalReader, startReader } from '../delivery/reader.ts';
import { timing } from '../delivery/timing.ts';
import type { Offsets, Reader, ReadOptions } from '../log.ts';
import { rootOf } from './errors.ts';
import type { Found } from './fetch.ts';
import { type Follower, follow } from './follow.ts';
import { openInbox } from './inbox.ts';
import type { KafkaOffsets } from './offsets.ts';
import type { Settings } from './settings.ts';
import type { KafkaTopics } from './topics.ts';
import { endsWithin, pause } from './waiting.ts';
import { watch } from './watchdog.ts';

export interface ReaderParts {
  readonly settings: Settings;
  readonly topics: KafkaTopics;
  readonly offsets: KafkaOffsets;
}

/** Reads topics without a group. */
export const readTopics = (
  { settings, topics, offsets }: ReaderParts,
  options: ReadOptions,
): Reader => {
  const { partitions, limits, onTrouble, onStuck } = settings;
  const inbox = openInbox(partitions);
  const stopping = new AbortController();
  const caughtUp = Promise.withResolvers<void>();
  const names = new Set<string>();
  let reader: LocalReader | null = null;
  let follower: Follower | null = null;

  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const asked = (): readonly string[] => (options.topics === 'all' ? [...names] : options.topics);

  const onRecords: ReadOptions['onRecords'] = async (records) => {
    await options.onRecords(records);
    const last = records.at(-1);
    if (last) inbox.forget(last.topic, last.partition, last.offset + 1);
  };

  /** Which of the topics there are. */
  const look = async (): Promise<string[]> => {
    const found = await topics.names();
    const { topics: wanted } = options;
    return wanted === 'all' ? found : found.filter((name) => wanted.includes(name));
  };

  const begin = async (): Promise<void> => {
    for (const name of await look()) names.add(name);
    const [starts, ends] = await Promise.all([offsets.starts(asked()), offsets.ends(asked())]);
    const records = {
      ...inbox,
      names: () => [...asked()],
      // For where it begins that of the log counts, later that of what has been fetched.
      end: (topic: string, partition: number) =>
        inbox.next(topic, partition) ?? ends[topic]?.[partition] ?? 0,
    };
    const from = typeof options.from === 'object' ? capped(options.from, ends) : options.from;
    const begun = startReader(records, timing(), { ...options, from, onRecords });
    const positions = begun.positions();
    for (const topic of names) {
      open(topic, (partition) =>
        Math.max(starts[topic]?.[partition] ?? 0, positions[topic]?.[partition] ?? 0),
      );
    }
    reader = begun;
    void begun.caughtUp.then(caughtUp.resolve);
    follower = follow(settings, {
      signal: stopping.signal,
      wanted,
      found,
      gone: () => persist(gone),
    });
    watch(settings, { name: 'a reader', sights, signal: stopping.signal });
  };

  const open = (topic: string, from: (partition: number) => number): void => {
    names.add(topic);
    for (const partition of all) inbox.begin(topic, partition, from(partition));
  };

  const hasRoom = (topic: string, partition: number): boolean =>
    inbox.count(topic, partition) < limits.waitingRecords;

  const wanted = () =>
    inbox
      .places()
      .filter(({ topic, partition }) => hasRoom(topic, partition))
      .map(({ topic, partition }) => ({
        topic,
        partition,
        offset: inbox.next(topic, partition) ?? 0,
      }));

  const found = async (places: readonly Found[]): Promise<void> => {
    for (const { topic, partition, records, next } of places) {
      inbox.put(topic, partition, records, next);
      reader?.wake(topic, partition);
    }
    const taken = places.map(({ topic, partition }) => inbox.drained(topic, partition, 0));
    await endsWithin(limits.holdMs, Promise.all(taken));
  };

  /** What is wanted is not there: removed before it was read, or the log is another one. */
  const gone = async (): Promise<void> => {
    const read = [...names];
    const [starts, ends] = await Promise.all([offsets.starts(read), offsets.ends(read)]);
    for (const { topic, partition } of inbox.places()) {
      const next = inbox.next(topic, partition) ?? 0;
      const [start, end] = [starts[topic]?.[partition] ?? 0, ends[topic]?.[partition] ?? 0];
      const message = `A reader wants ${topic}/${partition} at ${next}, it has ${start} to ${end}`;
      if (next > end) onStuck(`${message}: the log is another one than it was.`);
      if (next >= start) continue;
      onTrouble({ kind: 'moved', message });
      inbox.put(topic, partition, [], start);
    }
  };

  const sights = async () => {
    const ends = await offsets.ends([...names]);
    return inbox.places().map(({ topic, partition }) => ({
      place: `${topic}/${partition}`,
      next: inbox.next(topic, partition) ?? 0,
      end: ends[topic]?.[partition] ?? 0,
      hasRoom: hasRoom(topic, partition),
    }));
  };

  const lookForNew = async (): Promise<void> => {
    for (const topic of await look()) if (!names.has(topic)) open(topic, () => 0);
  };

  const persist = async (what: () => Promise<void>): Promise<void> => {
    try {
      await what();
    } catch (cause) {
      if (stopping.signal.aborted) return;
      const message = `A reader waits: ${rootOf(cause).message}`;
      onTrouble({ kind: 'away', message, cause });
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await persist(reader ? lookForNew : begin);
      await pause(reader ? limits.lookMs : RETRY_MS, stopping.signal);
    }
  };
  void run();

  return {
    caughtUp: caughtUp.promise,
    positions: () => reader?.positions() ?? (typeof options.from === 'object' ? options.from : {}),
    async stop() {
      stopping.abort();
      await reader?.stop();
      follower?.close();
      inbox.close();
    },
  };
};

const RETRY_MS = 100;

/** Who wants what is not there yet begins with what comes next. */
const capped = (from: Offsets, ends: Offsets): Offsets =>
  Object.fromEntries(
    Object.entries(from).map(([topic, offsets]) => [
      topic,
      offsets.map((offset, partition) => Math.min(offset, ends[topic]?.[partition] ?? 0)),
    ]),
  );
