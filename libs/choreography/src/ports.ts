import type { Log } from '@ensemble/log';
import type { Store } from '@ensemble/store';
import type { Telemetry } from '@ensemble/telemetry';
import { backoffMs } from './retry.ts';
import type { Clock } from './clock.ts';

/** What happened inside a runtime; each is counted, none is part of the choreography. */
export type Happening =
  | 'decided'
  | 'repeated'
  | 'copied'
  | 'withdrawn'
  | 'ignored'
  | 'conflict'
  | 'parked'
  | 'unparked'
  | 'dead'
  | 'unavailable'
  | 'tried'
  | 'failed'
  | 'given-up'
  /** There was no room in memory for a stream that has nothing to do. */
  | 'let-go';

/** What a happening is about, for who follows one booking: all of it where it is known. */
export interface Concerned {
  readonly booking?: string | undefined;
  readonly event?: string | undefined;
  readonly toDo?: string | undefined;
  /** W3C traceparent. */
  readonly trace?: string | undefined;
}

/** Told of every happening: of which service, about what, and the error where there is one. */
export type Observe = (
  happening: Happening,
  about: {
    readonly service: string;
    readonly what: string;
    readonly error?: unknown;
    readonly concerned?: Concerned;
  },
) => void;

/** What is not ours, given to a runtime where it is started. */
export interface Ports {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly observe: Observe;
  readonly telemetry: Telemetry;
}

/** The runtime was stopped while it waited: nothing was acknowledged. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Calls to the log and the store that are repeated until they succeed or the runtime stops. */
export interface Persistence {
  /** Which of the two does not answer at the moment, and why; empty when all is well. */
  readonly troubles: ReadonlyMap<'log' | 'store', string>;
  /** Every rejection is an unknown outcome, so the same call is made again. */
  readonly persist: <Result>(
    where: 'log' | 'store',
    call: () => Promise<Result>,
  ) => Promise<Result>;
  /** From now on no call is begun, and those who wait for another try are told. */
  stop(): void;
}

/** Begins what nobody awaits. That the runtime stopped meanwhile is not an error of it. */
export const detach = (task: Promise<unknown>): void =>
  void task.catch((error: unknown) => {
    if (!(error instanceof Stopped)) throw error;
  });

const waits = { firstMs: 50, maxMs: 5_000 };

export const persistence = (
  service: string,
  { clock, random, observe, telemetry }: Pick<Ports, 'clock' | 'random' | 'observe' | 'telemetry'>,
): Persistence => {
  const troubles = new Map<'log' | 'store', string>();
  const failing = { log: 0, store: 0 };
  const sleeping = new Set<() => void>();
  let stopped = false;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        sleeping.delete(wake);
        resolve();
      };
      const cancel = clock.after(ms, wake);
      sleeping.add(wake);
    });

  /** Reading may succeed where writing does not: all is well when no call is left that failed. */
  const clear = (where: 'log' | 'store'): void => {
    failing[where] -= 1;
    if (failing[where] === 0) troubles.delete(where);
  };

  return {
    troubles,
    persist: async (where, call) => {
      for (let tries = 1; ; tries += 1) {
        if (stopped) throw new Stopped(`${service} is stopping`);
        const answered = telemetry.call(where);
        try {
          const result = await call();
          answered(true);
          if (tries > 1) clear(where);
          return result;
        } catch (error) {
          answered(false);
          if (tries === 1) failing[where] += 1;
          troubles.set(where, error instanceof Error ? error.message : String(error));
          observe('unavailable', { service, what: where, error });
          if (!stopped) await sleep(backoffMs(waits, tries, random));
        }
      }
    },
    stop: () => {
      stopped = true;
      for (const wake of sleeping) wake();
    },
  };
};
