import { connectCluster } from './cluster.ts';
import { isOf, rootOf } from './errors.ts';
import { byLeader, fetchFrom, type Found, type Wanted } from './fetch.ts';
import { openLink } from './link.ts';
import type { Settings } from './settings.ts';
import { pause } from './waiting.ts';

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** What to fetch next. */
  readonly wanted: () => readonly Wanted[];
  /** Takes in what was fetched; from that broker nothing is fetched meanwhile. */
  readonly found: (places: readonly Found[]) => Promise<void>;
  /** Something wanted is not in the log. Never rejects. */
  readonly gone: () => Promise<void>;
}

/** Fetches until its signal is aborted. */
export interface Follower {
  /** Cuts what is under way. */
  close(): void;
}

const RETRY_MS = 100;

/** Fetches from every broker at once, each by a loop of its own, until it is told to stop. */
export const follow = (
  settings: Settings,
  { signal, wanted, found, gone }: FollowOptions,
): Follower => {
  const { limits, onTrouble } = settings;
  const link = openLink(settings, connectCluster);
  const loops = new Set<string>();

  /** Fetches from one broker what it leads; undefined if that is nothing at the moment. */
  const fetch = (node: string): Promise<readonly Found[] | undefined> =>
    link.call('reading', async (cluster) => {
      const places = wanted();
      await cluster.addMultipleTargetTopics([...new Set(places.map(({ topic }) => topic))]);
      await cluster.refreshMetadataIfNecessary();
      const own = byLeader(cluster, places).get(node);
      return own && fetchFrom(await cluster.findBroker({ nodeId: node }), own, limits);
    });

  /** There may be more brokers than there were. */
  const look = (): Promise<void> =>
    link.call('looking for brokers', async (cluster) => {
      for (const node of cluster.getNodeIds()) begin(String(node));
    });

  const turn = async (node: string): Promise<void> => {
    const places = await fetch(node);
    if (signal.aborted) return;
    if (places) await found(places);
    else await pause(limits.holdMs, signal);
  };

  const repeat = async (what: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      try {
        await what();
      } catch (cause) {
        if (signal.aborted) return;
        if (isOf(cause, 'OFFSET_OUT_OF_RANGE')) await gone();
        onTrouble({ kind: 'away', message: `A reader waits: ${rootOf(cause).message}`, cause });
        await pause(RETRY_MS, signal);
      }
    }
  };

  const begin = (node: string): void => {
    if (loops.has(node)) return;
    loops.add(node);
    void repeat(() => turn(node));
  };

  void repeat(async () => {
    await look();
    await pause(limits.lookMs, signal);
  });
  return link;
};
