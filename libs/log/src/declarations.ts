/** The topic of a name, or an error that says what to do. */
export const mustBeDeclared = <Topic>(topics: ReadonlyMap<string, Topic>, name: string): Topic => {
  const topic = topics.get(name);
  if (topic) return topic;
  throw new Error(`There is no topic "${name}": declare it before you append to it.`);
};

/** Verifies what a topic that exists is declared as. */
export const mustBeDeclaredAlike = (name: string, found: boolean, expected: boolean): void => {
  if (found === expected) return;
  const named = (compacted: boolean): string => (compacted ? 'compacted' : 'kept whole');
  throw new Error(
    `Topic "${name}" is declared as ${named(expected)}, but the log has it ${named(found)}: ` +
      'declare it alike everywhere, or give the changed topic a new name.',
  );
};

/** Verifies that a topic has as many partitions as this log was opened with. */
export const mustHavePartitions = (name: string, found: number, expected: number): void => {
  if (found === expected) return;
  throw new Error(
    `Topic "${name}" has ${found} partitions, expected ${expected}: open the log with ` +
      `${found} partitions, or begin a new one. The number is never changed in place, ` +
      'because keys would move.',
  );
};
