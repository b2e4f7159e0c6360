import { followEvents, type StreamState } from '@ensemble/ui';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { LiveView } from '../views.ts';

/** What the monitor says once a second, and whether it still does. */
export interface Live {
  /** The newest; undefined before the first. */
  readonly view: LiveView | undefined;
  readonly state: StreamState;
  /** Why it was lost, in words. */
  readonly why: string | undefined;
}

const LiveContext = createContext<Live>({ view: undefined, state: 'opening', why: undefined });

/** The newest live view; renders again at each, once a second. */
export const useLive = (): Live => useContext(LiveContext);

/** Follows the monitor as long as the page is open. One stream, however many views read it. */
export const LiveProvider = ({ children }: { children: ReactNode }) => {
  const [live, setLive] = useState<Live>({ view: undefined, state: 'opening', why: undefined });
  useEffect(
    () =>
      followEvents('/api/live', {
        // Once a second something comes; that nothing comes for ten means that the way is cut.
        silenceMs: 10_000,
        onMessage: ({ data }) => {
          const view: LiveView = JSON.parse(data);
          setLive({ view, state: 'open', why: undefined });
        },
        onState: (state, why) =>
          setLive(({ view }) => ({
            view,
            state,
            why: state === 'lost' ? why?.message : undefined,
          })),
      }),
    [],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
};
