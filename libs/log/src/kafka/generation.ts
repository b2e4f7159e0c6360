import type { Assignment, Batch, EachBatchPayload } from 'kafkajs';
import type { Progress } from '../delivery/records.ts';
import { beginTenure, type Tenure } from '../delivery/tenure.ts';
import { timing } from '../delivery/timing.ts';
import type { ConsumeOptions } from '../log.ts';
import { openCommitter } from './committer.ts';
import { rootOf } from './errors.ts';
import type { Feed } from './feed.ts';
import { type Inbox, openInbox } from './inbox.ts';
import type { KafkaOffsets } from './offsets.ts';
import { recordOf } from './records.ts';
import type { Settings } from './settings.ts';
import { endsWithin, pause } from './waiting.ts';

/** A member's time between two rebalances. */
export interface Generation {
  /** Its partitions. */
  readonly partitions: readonly number[];
  /** Resolves when it has taken its partitions on, or is over. */
  readonly begun: Promise<void>;
  /** What was fetched and is not done yet. */
  readonly inbox: Inbox;
  take(payload: EachBatchPayload): Promise<void>;
  skipped(topic: string, partition: number, next: number): void;
  /** Commits what is done. */
  flush(): Promise<void>;
  /** Begins no further batch; what is in flight is awaited, but not for ever; then it is revoked. */
  end(options: { drainMs: number; commits: boolean }): Promise<void>;
}

export interface GenerationOptions {
  readonly settings: Settings;
  readonly consumer: ConsumeOptions;
  readonly assignment: Assignment;
  readonly offsets: KafkaOffsets;
  readonly feed: Pick<Feed, 'commit' | 'seek' | 'renew'>;
  /** Resolves when the generation before is over. */
  readonly before: Promise<unknown>;
}

export const beginGeneration = (options: GenerationOptions): Generation => {
  const { settings, consumer, assignment, offsets, feed } = options;
  const { limits, onTrouble } = settings;
  const { group } = consumer;
  const topics = Object.keys(assignment);
  const partitions = [...new Set(Object.values(assignment).flat())].sort((a, b) => a - b);
  const inbox = openInbox(settings.partitions);
  const committer = openCommitter(group, settings, (done) => feed.commit(done));
  const tenures = new Map<number, Tenure>();
  const over = new AbortController();

  const progress: Progress = {
    committed: (_, topic, partition) => done.get(placeOf(topic, partition)) ?? 0,
    commit(_, topic, partition, offset) {
      done.set(placeOf(topic, partition), offset);
      inbox.forget(topic, partition, offset);
      committer.mark({ topic, partition, offset });
    },
  };
  const done = new Map<string, number>();

  const open = async (): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        const from = await offsets.resumes(group, topics);
        for (const [topic, own] of Object.entries(assignment)) {
          for (const partition of own) {
            const offset = from[topic]?.[partition] ?? 0;
            done.set(placeOf(topic, partition), offset);
            inbox.begin(topic, partition, offset);
          }
        }
        return;
      } catch (cause) {
        const message = `${group} cannot ask where it was: ${rootOf(cause).message}`;
        onTrouble({ kind: 'away', message, cause });
        await pause(RETRY_MS, over.signal);
      }
    }
  };

  const begin = async (): Promise<void> => {
    await options.before;
    if (over.signal.aborted) return;
    for (const partition of partitions) {
      const heard = topics.filter((topic) => assignment[topic]?.includes(partition));
      const tenure = beginTenure({
        records: inbox,
        progress,
        timing: timing(),
        consumer: { ...consumer, topics: heard },
        partition,
        counts: true,
      });
      tenures.set(partition, tenure);
    }
    await Promise.all([...tenures.values()].map(({ begun }) => begun));
  };

  const opened = open();
  const begun = opened.then(begin);

  /** Whether a batch goes on from where the last one ended. If not, that is seen to. */
  const fits = async ({ topic, partition, fetchedOffset }: FetchedBatch): Promise<boolean> => {
    const next = inbox.next(topic, partition);
    const from = Number(fetchedOffset);
    if (next === undefined || from === next) return next !== undefined;
    const [first, end] = await Promise.all([offsets.starts([topic]), offsets.ends([topic])]);
    const isThere =
      next >= (first[topic]?.[partition] ?? 0) && next <= (end[topic]?.[partition] ?? 0);
    const message = `${group} expected ${topic}/${partition} at ${next}, kafkajs fetched ${from}`;
    onTrouble({ kind: 'moved', message });
    if (isThere && from < next) return true;
    if (isThere) feed.seek(topic, partition, next);
    // The log is another one than it was: all is begun anew, at its first record.
    else feed.renew();
    return false;
  };

  const take = async (payload: EachBatchPayload): Promise<void> => {
    const { resolveOffset } = payload;
    const batch = payload.batch as FetchedBatch;
    const { topic, partition } = batch;
    if (!(await endsWithin(limits.heartbeatMs, opened))) return;
    if (over.signal.aborted) return pause(limits.holdMs);
    if (!(await fits(batch))) return;
    const next = inbox.next(topic, partition) ?? 0;
    const records = batch.messages
      .map((message) => recordOf(topic, partition, message))
      .filter(({ offset }) => offset >= next);
    inbox.put(topic, partition, records, Number(batch.lastOffset()) + 1);
    resolveOffset(batch.lastOffset());
    tenures.get(partition)?.wake(topic);
    await hold(payload);
  };

  /**
   * While handlers are quick, the next fetch waits for them and so brings more at once; a slow one
   * holds up nobody: its partition is paused when enough waits there.
   */
  const hold = async ({ batch: { topic, partition }, pause: pauseIt }: EachBatchPayload) => {
    if (await endsWithin(limits.holdMs, inbox.drained(topic, partition, 0))) return;
    if (inbox.count(topic, partition) <= limits.waitingRecords) return;
    const resume = pauseIt();
    void inbox.drained(topic, partition, limits.waitingRecords / 2).then(resume);
  };

  return {
    partitions,
    begun,
    inbox,
    async take(payload) {
      try {
        await take(payload);
      } catch (cause) {
        // Nothing may reach kafkajs: it would end its consumer, or begin to rebalance for ever.
        const message = `${group} could not take a batch: ${rootOf(cause).message}`;
        onTrouble({ kind: 'away', message, cause });
        await pause(RETRY_MS, over.signal);
      }
    },
    skipped(topic, partition, next) {
      inbox.put(topic, partition, [], next);
      tenures.get(partition)?.wake(topic);
    },
    flush: () => committer.flush(),
    async end({ drainMs, commits }) {
      over.abort();
      if (!commits) committer.close();
      await Promise.all([...tenures.values()].map((tenure) => tenure.end(drainMs)));
      await committer.flush();
      committer.close();
      inbox.close();
    },
  };
};

const RETRY_MS = 100;

/** A batch of kafkajs, with the offset that it asked for; its types leave that out. */
type FetchedBatch = Batch & { readonly fetchedOffset: string };

const placeOf = (topic: string, partition: number): string => `${partition}/${topic}`;
