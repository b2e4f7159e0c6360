import type { Done } from './session.ts';
import type { Settings } from './settings.ts';
import { rootOf } from './errors.ts';

/** Commits what is done, many places at once. */
export interface Committer {
  /** This is done; committed a little later. */
  mark(done: Done): void;
  /** Commits what is marked. Never rejects: what was not committed comes again. */
  flush(): Promise<void>;
  /** From now on nothing is committed. */
  close(): void;
}

/**
 * A commit goes by the batch's own function, which keeps the kind of an error, and never by the
 * consumer's, after which kafkajs cannot join again (kafkajs 2.2.4, its runner's retrier). It may go
 * when the batch's callback has returned, else a callback would hold up the fetch of every other
 * partition; so it is closed the moment the member is about to join: after it, the function would
 * commit as of a generation in which the partition may be another's.
 */
export const openCommitter = (
  group: string,
  { limits, onTrouble }: Settings,
  commit: (done: readonly Done[]) => Promise<void>,
): Committer => {
  const marked = new Map<string, Done>();
  let timer: NodeJS.Timeout | null = null;
  let committing: Promise<void> = Promise.resolve();
  let closed = false;

  const commitMarked = async (): Promise<void> => {
    const done = [...marked.values()];
    if (closed || done.length === 0) return;
    marked.clear();
    try {
      await commit(done);
    } catch (error) {
      if (closed) return;
      // It goes with the next commit, if the group still takes it then.
      for (const each of done) if (!marked.has(place(each))) marked.set(place(each), each);
      const message = `${group} could not commit: ${rootOf(error).message}`;
      onTrouble({ kind: 'refused', message, cause: error });
    }
  };

  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    committing = committing.then(commitMarked);
    return committing;
  };

  return {
    mark(done) {
      if (closed) return;
      marked.set(place(done), done);
      timer ??= setTimeout(flush, limits.commitMs).unref();
    },
    flush,
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
};

const place = ({ topic, partition }: Done): string => `${partition}/${topic}`;
