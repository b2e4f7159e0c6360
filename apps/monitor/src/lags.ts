import { redriveTopic } from '@ensemble/choreography';
import type { Log, Offsets } from '@ensemble/log';
import type { Declared, Lags } from './flow/index.ts';

const sum = (offsets: Offsets): number =>
  Object.values(offsets)
    .flat()
    .reduce((a, b) => a + b, 0);

/** The topics that the group of each service reads, by what it declares; who hears nothing has none. */
export const groupsOf = (
  declared: ReadonlyMap<string, Pick<Declared, 'hears'>>,
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...declared]
      .filter(([, { hears }]) => hears.length > 0)
      .map(([service, { hears }]) => {
        const nouns = hears.map((type) => type.slice(0, type.indexOf('.')));
        return [service, [...new Set([...nouns, redriveTopic(service)])]];
      }),
  );

/**
 * Measures how far the services are behind, each time it is called: records that wait for a service
 * over all topics that it hears, and since when it acknowledges nothing though there are some.
 * @throws LogUnavailable
 */
export const lagMeter = (
  log: Pick<Log, 'topics' | 'ends' | 'committed'>,
  { now, heard }: { now: () => number; heard: () => ReadonlyMap<string, readonly string[]> },
): (() => Promise<Lags>) => {
  const looks = new Map<
    string,
    { readonly at: number; readonly lag: number; readonly since: number }
  >();

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
        const before = looks.get(service);
        // That it stands still shows from the second look on at which something waits for it.
        const isStanding = lag > 0 && before !== undefined && before.lag > 0 && before.at === at;
        const since = isStanding ? before.since : now();
        looks.set(service, { at, lag, since });
        const standsSince = isStanding ? since : null;
        return [service, { lag, standsSince }] as const;
      }),
    );
    return new Map(lags);
  };
};

/** How many records stand between these positions and these ends, over all topics. */
export const behind = (ends: Offsets, positions: Offsets): number =>
  Object.entries(ends)
    .flatMap(([topic, offsets]) =>
      offsets.map((end, partition) => Math.max(0, end - (positions[topic]?.[partition] ?? 0))),
    )
    .reduce((a, b) => a + b, 0);
