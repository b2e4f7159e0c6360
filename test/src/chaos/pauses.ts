/** A booking that its customer saw settled, in milliseconds from any moment on. */
export interface Settled {
  readonly section: string;
  readonly at: number;
}

/**
 * The longest time within a span in which no booking of some section was settled: where one has its
 * home nobody may be, while all goes on elsewhere.
 */
export const longestPause = (
  settled: readonly Settled[],
  { from, to }: { readonly from: number; readonly to: number },
): number => {
  const sections = Map.groupBy(settled, ({ section }) => section);
  const pauses = [...sections.values()].map((those) => {
    const times = those.map(({ at }) => at).filter((at) => at >= from && at <= to);
    const marks = [from, ...times.sort((a, b) => a - b), to];
    return Math.max(...marks.slice(1).map((mark, index) => mark - (marks[index] ?? mark)));
  });
  return Math.max(0, ...pauses);
};
