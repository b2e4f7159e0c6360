/** Those who wait, the first one in front. A change copies one block, however long the line is. */
export type Line<One> = readonly (readonly One[])[];

const blockSize = 128;

/** The line with one more at its end. */
export const join = <One>(line: Line<One>, one: One): Line<One> => {
  const last = line.at(-1);
  return last === undefined || last.length === blockSize
    ? [...line, [one]]
    : line.with(-1, [...last, one]);
};

/** The line without the first whom this is true of; it is looked for from the front. */
export const leave = <One>(line: Line<One>, isIt: (one: One) => boolean): Line<One> => {
  const at = line.findIndex((block) => block.some(isIt));
  const block = line[at];
  if (block === undefined) return line;
  const others = block.toSpliced(block.findIndex(isIt), 1);
  return others.length === 0 ? line.toSpliced(at, 1) : line.with(at, others);
};

/** As many as this from the front, in order. */
export const front = <One>(line: Line<One>, count: number): readonly One[] => [
  ...line
    .values()
    .flatMap((block) => block)
    .take(count),
];
