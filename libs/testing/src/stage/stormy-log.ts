import type { Consumer, ConsumeOptions, Log, MemoryLogData, NewRecord } from '@ensemble/log';
import type { Chance } from './chance.ts';
import type { Weather } from './weather.ts';
import type { Wire } from './wire.ts';
import type { Actor } from './world.ts';

/** What can go wrong between a log and a process, beside what can with every call. */
export type LogFault = 'records twice' | 'late deliveries' | 'offsets lost' | 'offsets set back';

const lateMs = 5_000;

/** For the trace. */
const nameOf = ({ topic, headers }: NewRecord): string =>
  `${headers['ce_type'] ?? topic} ${headers['ce_id']?.slice(0, 8)}`;

/** Some of the records: of each topic the first few. */
const someOf = (records: readonly NewRecord[], chance: Chance): NewRecord[] => {
  const topics = [...new Set(records.map(({ topic }) => topic))];
  return topics.flatMap((topic) => {
    const ofTopic = records.filter((record) => record.topic === topic);
    return ofTopic.slice(0, chance.below(ofTopic.length + 1));
  });
};

/**
 * A process's port to the log.
 * @param server the log as it is for all; what a dead process had sent may still arrive there
 * @param own the port that dies with the process
 * @param applied told when records have been appended
 */
export const stormyLog = (
  { server, own, data }: { server: Log; own: Log; data: MemoryLogData },
  {
    actor,
    wire,
    chance,
    weather,
    applied,
    consumes,
  }: {
    actor: Actor;
    wire: Wire;
    chance: Chance;
    weather: Weather<LogFault>;
    applied(records: readonly NewRecord[]): void;
    consumes(options: ConsumeOptions): void;
  },
): Log => {
  const append = async (records: readonly NewRecord[]): Promise<void> => {
    if (records.length === 0) return;
    const done = server.append(records);
    applied(records);
    await done;
  };

  const awake = (): Promise<void> | undefined =>
    actor.state === 'up' ? undefined : new Promise((wake) => actor.soon('is itself again', wake));

  /** Calls from the log come in order, also to a process that was paused. */
  let before: Promise<unknown> = Promise.resolve();
  const inOrder = async (task: () => Promise<void> | void): Promise<void> => {
    const now = before.then(awake);
    before = now;
    await now;
    await task();
  };

  const setBack = ({ group, topics }: ConsumeOptions, partition: number): void => {
    const { committed, commit } = data.progress;
    for (const topic of topics) {
      const offset = committed(group, topic, partition);
      commit(group, topic, partition, chance.happens(0.15) ? 0 : chance.below(offset + 1));
    }
  };

  const consume = (options: ConsumeOptions): Consumer => {
    consumes(options);
    return own.consume({
      ...options,
      assigned: (partition) => {
        if (weather.strikes('offsets set back')) setBack(options, partition);
        return inOrder(() => options.assigned(partition));
      },
      revoked: (partition) => inOrder(() => options.revoked(partition)),
      handle: async (batch) => {
        await awake();
        if (weather.strikes('late deliveries')) {
          const ms = chance.below(lateMs);
          await new Promise<void>((arrive) => void actor.after(ms, 'is given it late', arrive));
        }
        const commit = (offset: number): void => {
          if (!weather.strikes('offsets lost')) batch.commit(offset);
        };
        await options.handle({ ...batch, commit });
      },
    });
  };

  return {
    partitions: own.partitions,
    declare: (topics) => wire({ what: 'declare', apply: () => server.declare(topics) }),
    topics: () => wire({ what: 'topics', apply: () => server.topics() }),
    append: (records) =>
      wire({
        what: `append ${records.map(nameOf).join()}`,
        apply: async () => {
          await append(records);
          if (weather.strikes('records twice')) {
            actor.soon('appends it again', () => void append(records), true);
          }
        },
        applyPart: () => void append(someOf(records, chance)),
      }),
    consume,
    read: (options) =>
      own.read({
        ...options,
        onRecords: async (records) => {
          await awake();
          await options.onRecords(records);
        },
      }),
    ends: (topics) => wire({ what: 'ends', apply: () => server.ends(topics) }),
    committed: (group, topics) =>
      wire({ what: `committed ${group}`, apply: () => server.committed(group, topics) }),
    close: () => own.close(),
  };
};
