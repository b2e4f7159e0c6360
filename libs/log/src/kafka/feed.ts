import type { EachBatchPayload } from 'kafkajs';
import { rootOf } from './errors.ts';
import { type MemberEvents, openSession, type Session } from './session.ts';
import type { Settings } from './settings.ts';
import { pause } from './waiting.ts';

/** Keeps a consumer of kafkajs going, each time a fresh one. */
export interface Feed extends Pick<Session, 'commit' | 'seek'> {
  /** Begins anew, as after a crash. */
  renew(): void;
  /** Leaves the group and closes all that is open. */
  stop(): Promise<void>;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 1_000;
/** So many in a row that kafkajs would not recover from, with nothing taken in between. */
const HOPELESS = 3;

export const openFeed = (settings: Settings, options: MemberEvents): Feed => {
  const { limits, onTrouble, onStuck } = settings;
  const stopping = new AbortController();
  let session: Session | null = null;
  let hopeless = 0;
  /** As whom it was last a member. */
  let member: string | null = null;

  const crashed = (error: Error, lastedMs: number): void => {
    const { group } = options;
    const { message } = rootOf(error);
    onTrouble({
      kind: 'crashed',
      message: `The consumer of ${group} gave up (${message}); a fresh one takes over.`,
      cause: error,
    });
    if (lastedMs > limits.sessionMs) hopeless = 0;
    if (!isHopeless(error)) return;
    hopeless += 1;
    if (hopeless >= HOPELESS)
      onStuck(`The consumer of ${group} gave up ${hopeless} times in a row: ${message}`);
  };

  const take = async (payload: EachBatchPayload): Promise<void> => {
    hopeless = 0;
    await options.take(payload);
  };

  const attempt = async (): Promise<void> => {
    const begun = openSession(settings, {
      ...options,
      take,
      became: (memberId) => void (member = memberId),
    });
    const since = performance.now();
    session = begun;
    try {
      await begun.run(member);
      const error = await begun.ended;
      if (error) crashed(error, performance.now() - since);
    } catch (error) {
      if (stopping.signal.aborted) return;
      const message = `${options.group} cannot consume: ${rootOf(error).message}`;
      onTrouble({ kind: 'away', message, cause: error });
    } finally {
      // It may have had partitions, and nobody says so when it was never told to join again.
      options.joining();
      await begun.close();
    }
  };

  const keepGoing = async (): Promise<void> => {
    for (let backoff = FIRST_BACKOFF_MS; !stopping.signal.aborted;) {
      const begun = performance.now();
      await attempt();
      const lasted = performance.now() - begun;
      backoff =
        lasted > limits.sessionMs ? FIRST_BACKOFF_MS : Math.min(backoff * 2, MAX_BACKOFF_MS);
      await pause(backoff, stopping.signal);
    }
  };

  const going = keepGoing();

  return {
    async commit(done) {
      if (!session) throw new Error('there is no consumer');
      await session.commit(done);
    },
    seek: (topic, partition, offset) => session?.seek(topic, partition, offset),
    renew: () => void session?.close(),
    async stop() {
      stopping.abort();
      await session?.close();
      await going;
    },
  };
};

/** Whether kafkajs would not have tried again by itself, had it been allowed to. */
const isHopeless = (error: Error): boolean => {
  let root: Error & { readonly retriable?: boolean } = error;
  while (root.cause instanceof Error) root = root.cause;
  return error.name !== 'KafkaJSNumberOfRetriesExceeded' && root.retriable !== true;
};
