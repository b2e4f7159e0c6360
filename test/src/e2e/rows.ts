import type { System, SystemOptions } from '../system.ts';

/** Rows of the table of what can happen: the name says what happens and what follows. */
export type Rows = Readonly<Record<string, (system: System) => Promise<void>>>;

/** Rows that are played on one system. */
export interface World {
  readonly rows: Rows;
  /** One after the other, because they change the world for all; by default at the same time. */
  readonly inTurn?: boolean;
  readonly options?: SystemOptions;
  /** Tidies up what stands beside the system. */
  readonly end?: () => void;
}

/** Rows being played: each resolves when it has come true. */
export interface Play {
  outcomeOf(row: string): Promise<void>;
  /** Resolves when all rows have ended, one way or the other, and the system is gone. */
  end(): Promise<void>;
}

/** Makes a system that has not been started yet. */
export type Make = (options?: SystemOptions) => Promise<System>;

/** Starts a system of its own and plays the rows on it. */
export const play = (make: Make, { rows, inTurn = false, options, end }: World): Play => {
  const made = make(options);
  const started = made.then(async (it) => {
    await it.start();
    return it;
  });
  const outcomes = new Map<string, Promise<void>>();
  let before: Promise<unknown> = started;
  for (const [name, row] of Object.entries(rows)) {
    const outcome = (inTurn ? before : started).then(() => started).then(row);
    before = outcome.catch(() => undefined);
    outcomes.set(name, outcome);
  }
  return {
    outcomeOf: async (row) => {
      if (!outcomes.has(row)) throw new Error(`expected a row that is played, found ${row}`);
      await outcomes.get(row);
    },
    end: async () => {
      await Promise.allSettled(outcomes.values());
      await (await made)[Symbol.asyncDispose]();
      end?.();
    },
  };
};
