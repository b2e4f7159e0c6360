import type { Log, Offsets } from '@ensemble/log';
import type { Lags } from './flow/index.ts';

const sum = (offsets: Offsets): number =>
  Object.values(offsets)
    .flat()
    .reduce((a, b) => a + b, 0);

/**
 * Measures how far the services are behind, each time it is called: records that wait for a service
 * over all topics that it hears, and since when it acknowledges nothing though there are some.
 * @throws LogUnavailable
 */
export const lagMeter = (
  log: Pick<Log, 'topics' | 'ends' | 'committed'>,
  { now, heard }: { now: () => number; heard: () => ReadonlyMap<string, readonly string[]> },
): (() => Promise<Lags>) => {
  const stands = new Map<string, { readonly at: number; readonly since: number }>();

  return async () => {
    const groups = heard();
    const there = new Set(await log.topics());
    const ends = await log.ends(
      [...new Set([...groups.values()].flat())].filter((t) => there.has(t)),
    );
    const lags = await Promise.all(
      [...groups].map(async ([service, names]) => {
        const topics = names.filter((topic) => there.has(topic));
        const at = sum(await log.committed(service, topics));
        const end = sum(Object.fromEntries(topics.map((topic) => [topic, ends[topic] ?? []])));
        const lag = Math.max(0, end - at);
        const before = stands.get(service);
        const since = before?.at === at && lag > 0 ? before.since : now();
        stands.set(service, { at, since });
        // That it stood still is known from the second look on.
        const standsSince = lag > 0 && before?.at === at ? since : null;
        return [service, { lag, standsSince }] as const;
      }),
    );
    return new Map(lags);
  };
};

/** How many records of a log somebody lacks who has read up to these positions. */
export const behind = async (
  log: Pick<Log, 'topics' | 'ends'>,
  positions: Offsets,
): Promise<number> => {
  const ends = await log.ends(await log.topics());
  const missing = Object.entries(ends).flatMap(([topic, offsets]) =>
    offsets.map((end, partition) => Math.max(0, end - (positions[topic]?.[partition] ?? 0))),
  );
  return missing.reduce((a, b) => a + b, 0);
};
