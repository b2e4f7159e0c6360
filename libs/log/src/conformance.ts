import { afterEach, beforeEach, describe } from '@jest/globals';
import { appending } from './conformance/appending.ts';
import { consuming } from './conformance/consuming.ts';
import { reading } from './conformance/reading.ts';
import { sharing } from './conformance/sharing.ts';
import type { Log } from './log.ts';

export * from './conformance/gather.ts';

/** How the suite gets at an adapter. */
export interface LogHarness {
  /** Opens a port to the log, as a process does when it starts. Called once before all else. */
  open(): Promise<Log>;
  /** Closes the port and opens another one to the same data, as the next process would. */
  reopen(): Promise<Log>;
  /** Closes the port and removes the data. */
  cleanup(): Promise<void>;
}

/** What a test works with. */
export interface Bench {
  readonly log: Log;
  readonly reopen: () => Promise<Log>;
  /** A name for a topic or group that no other test uses, since some logs outlive a test. */
  readonly name: (word: string) => string;
  /** Has something undone when the test is over, the last first. */
  readonly after: (undo: () => Promise<unknown>) => void;
}

/**
 * Holds an adapter to the port. A harness is made for each test; the log needs 3 partitions or
 * more. The names of tests finish the sentence "a log …".
 */
export const logConformance = (name: string, makeHarness: () => LogHarness): void => {
  describe(`a log (${name})`, () => {
    const undos: (() => Promise<unknown>)[] = [];
    const run = Date.now().toString(36);
    let names = 0;
    let harness: LogHarness;
    let log: Log;

    beforeEach(async () => {
      harness = makeHarness();
      log = await harness.open();
    });
    afterEach(async () => {
      for (const undo of undos.splice(0).reverse()) await undo();
      await harness.cleanup();
    });

    const bench: Bench = {
      get log() {
        return log;
      },
      async reopen() {
        log = await harness.reopen();
        return log;
      },
      name: (word) => `${word}-${run}-${(names += 1)}`,
      after: (undo) => void undos.push(undo),
    };

    appending(bench);
    consuming(bench);
    sharing(bench);
    reading(bench);
  });
};
