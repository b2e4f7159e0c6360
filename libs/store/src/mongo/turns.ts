/** Lets so many tasks be under way at once; the others wait for their turn, in order. */
export interface Turns {
  readonly take: <Result>(task: () => Promise<Result>) => Promise<Result>;
  /** Those that wait need not wait any more: they would come to the same. */
  readonly refuse: (reason: unknown) => void;
}

export const turns = (limit: number): Turns => {
  let underWay = 0;
  const waiting: PromiseWithResolvers<void>[] = [];

  const begin = (): Promise<void> | undefined => {
    if (underWay >= limit) {
      const turn = Promise.withResolvers<void>();
      waiting.push(turn);
      return turn.promise;
    }
    underWay += 1;
    return undefined;
  };

  /** Who waited longest gets the place; nobody who comes meanwhile can take it. */
  const end = (): void => {
    const next = waiting.shift();
    if (next === undefined) underWay -= 1;
    else next.resolve();
  };

  return {
    async take(task) {
      await begin();
      try {
        return await task();
      } finally {
        end();
      }
    },
    refuse: (reason) => {
      for (const { reject } of waiting.splice(0)) reject(reason);
    },
  };
};
