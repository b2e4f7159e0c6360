import { type Streamed, unheard, useStream } from '@ensemble/ui';
import { createContext, type ReactNode, useContext } from 'react';
import type { LiveView } from '../views.ts';

/** What the monitor says once a second, and whether it still does. */
export type Live = Streamed<LiveView>;

const LiveContext = createContext<Live>(unheard);

/** The newest live view; renders again at each, once a second. */
export const useLive = (): Live => useContext(LiveContext);

/** Once a second something comes; that nothing comes for so long means that the way is cut. */
const silenceMs = 10_000;

/** Follows the monitor as long as the page is open. One stream, however many views read it. */
export const LiveProvider = ({ children }: { children: ReactNode }) => {
  const live = useStream<LiveView>('/api/live', { silenceMs });
  return <LiveContext value={live}>{children}</LiveContext>;
};
