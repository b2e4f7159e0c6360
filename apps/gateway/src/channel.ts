import { type Clock, type Observe, pause } from '@ensemble/choreography';
import type { Follower } from './follower.ts';
import { encodePosition, type Place } from './stream-position.ts';

/** A document that can be watched as it changes. */
export interface Source {
  /** The booking's or the show's id, or what stands for all shows. */
  readonly id: string;
  readonly kind: 'booking' | 'show' | 'map' | 'sales';
  /** The least time between two of its states, in milliseconds. */
  readonly gapMs: number;
  /** Where its events stand in the log. */
  places(): readonly Place[];
  /** The document as JSON, whole. */
  render(): Promise<string>;
}

/** A state of a document, and up to where the log was read for it. */
export interface State {
  readonly position: string;
  readonly body: string;
}

/** One document for all who watch it: rendered once for each change, not once for each client. */
export interface Channel {
  /** Tells the state as it is now, then each new one; returns how to leave. */
  join(tell: (state: State) => void): Promise<() => void>;
}

const againMs = 1_000;

export const channel = (
  source: Source,
  follower: Pick<Follower, 'positions' | 'watch'>,
  { clock, observe, left }: { clock: Clock; observe: Observe; left: () => void },
): Channel => {
  const members = new Set<(state: State) => void>();
  let newest: State | undefined;
  let isDue = false;
  let working = false;
  /** Renderings follow one another, so that a slow one cannot bring an old state back. */
  let rendering: Promise<unknown> = Promise.resolve();
  let unwatch: () => void = () => undefined;

  const render = (): Promise<State> => {
    const next = rendering.then(async () => {
      const position = encodePosition(source.places(), follower.positions());
      const body = await source.render();
      const changed = body !== newest?.body;
      newest = { position, body };
      if (changed) for (const tell of members) tell(newest);
      return newest;
    });
    rendering = next.catch(() => undefined);
    return next;
  };

  const work = async (): Promise<void> => {
    working = true;
    while (isDue && members.size > 0) {
      isDue = false;
      try {
        await render();
        if (source.gapMs > 0) await pause(clock, source.gapMs);
      } catch (error) {
        observe('unavailable', { service: 'gateway', what: 'live', error });
        isDue = true;
        await pause(clock, againMs);
      }
    }
    working = false;
  };

  const touched = (): void => {
    isDue = true;
    if (!working) void work();
  };

  const leave = (tell: (state: State) => void): void => {
    if (!members.delete(tell) || members.size > 0) return;
    unwatch();
    left();
  };

  return {
    join: async (tell) => {
      if (members.size === 0) unwatch = follower.watch(source.id, touched);
      members.add(tell);
      try {
        const before = newest;
        const state = await render();
        // Who changed the state was told with the others.
        if (state.body === before?.body) tell(state);
      } catch (error) {
        leave(tell);
        throw error;
      }
      return () => leave(tell);
    },
  };
};
