/** A member of a group, as the one who shares out sees it. */
export interface Candidate {
  readonly id: string;
  /** Partitions it had until now. */
  readonly had: readonly number[];
}

/**
 * Shares partitions out: each goes to one member with all its topics, the numbers of partitions
 * differ by one at most, and a member keeps what it had as far as that allows.
 * @returns the partitions of each member, by its id
 */
export const share = (
  partitions: number,
  members: readonly Candidate[],
): ReadonlyMap<string, readonly number[]> => {
  const order = members.toSorted((a, b) => b.had.length - a.had.length || (a.id < b.id ? -1 : 1));
  const least = Math.floor(partitions / order.length);
  const larger = partitions % order.length;
  const free = new Set(Array.from({ length: partitions }, (_, partition) => partition));
  // Who had most may have one more, so that as little as possible moves.
  const shares = order.map(({ id, had }, index) => {
    const room = least + (index < larger ? 1 : 0);
    // Two may claim one partition, if one of them missed that it lost it.
    const kept = [...new Set(had)].filter((partition) => free.has(partition)).slice(0, room);
    for (const partition of kept) free.delete(partition);
    return { id, room, partitions: kept };
  });
  const rest = [...free];
  return new Map(
    shares.map(({ id, room, partitions: kept }) => {
      const given = rest.splice(0, room - kept.length);
      return [id, [...kept, ...given].sort((a, b) => a - b)];
    }),
  );
};
