import { afterEach, beforeEach, describe } from '@jest/globals';
import { appending } from './conformance/appending.ts';
import { filing } from './conformance/filing.ts';
import { keeping } from './conformance/keeping.ts';
import { knowing } from './conformance/knowing.ts';
import { parking } from './conformance/parking.ts';
import { remembering } from './conformance/remembering.ts';
import type { Store } from './store.ts';

export * from './conformance/samples.ts';

/** How the suite gets at an adapter. */
export interface StoreHarness {
  /** Opens a port to an empty store. Called once before all else. */
  open(): Promise<Store>;
  /** Closes the port and opens another one to the same data, as the next process would. */
  reopen(): Promise<Store>;
  /** Closes the port and removes the data. */
  cleanup(): Promise<void>;
}

/** What a test works with. */
export interface Bench {
  readonly store: Store;
  readonly reopen: () => Promise<Store>;
}

/**
 * Holds an adapter to the port. A harness is made for each test. The names of tests finish the
 * sentence "a store …".
 */
export const storeConformance = (name: string, makeHarness: () => StoreHarness): void => {
  describe(`a store (${name})`, () => {
    let harness: StoreHarness;
    let store: Store;

    beforeEach(async () => {
      harness = makeHarness();
      store = await harness.open();
    });
    afterEach(() => harness.cleanup());

    const bench: Bench = {
      get store() {
        return store;
      },
      async reopen() {
        store = await harness.reopen();
        return store;
      },
    };

    appending(bench);
    remembering(bench);
    filing(bench);
    parking(bench);
    keeping(bench);
    knowing(bench);
  });
};
