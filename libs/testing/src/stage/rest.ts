import type { Backstage } from './player.ts';
import type { Troupe } from './troupe.ts';

/** Visits every partition that a group hears. */
export const visitPartitions = (
  group: string,
  { log, subscriptions }: Backstage,
  visit: (topic: string, partition: number, end: number) => void,
): void => {
  for (const topic of subscriptions.get(group) ?? []) {
    for (const [partition, end] of (log.topics.get(topic)?.ends ?? []).entries()) {
      visit(topic, partition, end);
    }
  }
};

const lagOf = (group: string, backstage: Backstage): string[] => {
  const lags: string[] = [];
  visitPartitions(group, backstage, (topic, partition, end) => {
    const heard = backstage.log.progress.committed(group, topic, partition);
    if (heard < end) lags.push(`${group} has heard ${heard} of ${end} in ${topic}/${partition}`);
  });
  return lags;
};

/**
 * What is still to come, in words; nothing when all is at rest.
 * @param isFresh whether everyone has just begun, and so knows of all that was ever parked: what a
 *   zombie parks late is known to nobody until then, and by then it is decided
 */
export const unrest = (
  { places, groups }: Troupe,
  backstage: Backstage,
  { isFresh }: { isFresh: boolean },
): string[] => [
  ...places.flatMap(({ name, here }) => {
    if (here === null) return [`${name} is away`];
    return here.playing.parked() > 0 ? [`${name} has something parked`] : [];
  }),
  ...[...new Set(places.map(({ part }) => part.name))].flatMap((service) => {
    const { toDos, parked } = backstage.store(service);
    const waiting = isFresh ? [...parked.values()].flatMap((inputs) => [...inputs.keys()]) : [];
    return [
      ...[...toDos.values()].map(({ name, id }) => `${service} has to-do ${name} ${id} on file`),
      ...waiting.map((id) => `${service} has ${id} parked`),
    ];
  }),
  ...groups().flatMap((group) => lagOf(group, backstage)),
];
