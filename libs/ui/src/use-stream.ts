import { useEffect, useState } from 'react';
import type { Refused } from './ask.ts';
import { followEvents, type StreamState } from './event-stream.ts';
import { clockAhead } from './server-clock.ts';

/** What a server keeps telling, as far as is known. */
export interface Streamed<View> {
  /** The newest; undefined before the first. */
  readonly view: View | undefined;
  readonly state: StreamState;
  /** Why it was lost, as long as it is. */
  readonly why: Refused | undefined;
  /** How far the server's clock is ahead of this one, in milliseconds; 0 before it is known. */
  readonly aheadMs: number;
}

/** As it is before anything was heard. */
export const unheard: Streamed<never> = {
  view: undefined,
  state: 'opening',
  why: undefined,
  aheadMs: 0,
};

/**
 * Follows a document of which each message is the whole, from JSON, as long as it is shown; nothing
 * while the path is null. Another document is another component (a key).
 */
export const useStream = <View>(
  path: string | null,
  { token, silenceMs }: { token?: string | undefined; silenceMs?: number } = {},
): Streamed<View> => {
  const [streamed, setStreamed] = useState<Streamed<View>>(unheard);
  useEffect(() => {
    if (path === null) return;
    const change = (news: Partial<Streamed<View>>): void =>
      setStreamed((before) => ({ ...before, ...news }));
    return followEvents(path, {
      token,
      ...(silenceMs !== undefined && { silenceMs }),
      onMessage: ({ data }) => change({ view: JSON.parse(data), state: 'open', why: undefined }),
      onState: (state, why) => change({ state, why: state === 'lost' ? why : undefined }),
      onResponse: (headers, askedAt) => {
        const aheadMs = clockAhead(headers.get('Date'), askedAt, Date.now());
        if (aheadMs !== undefined) change({ aheadMs });
      },
    });
  }, [path, token, silenceMs]);
  return streamed;
};
