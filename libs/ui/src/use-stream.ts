import { useEffect, useState } from 'react';
import type { Refused } from './ask.ts';
import { followEvents, type StreamState } from './event-stream.ts';

/** What a server keeps telling, as far as is known. */
export interface Streamed<View> {
  /** The newest; undefined before the first. */
  readonly view: View | undefined;
  readonly state: StreamState;
  /** Why it was lost, as long as it is. */
  readonly why: Refused | undefined;
}

/**
 * Follows a document of which each message is the whole, from JSON, as long as it is shown; nothing
 * while the path is null. Another document is another component (a key).
 */
export const useStream = <View>(
  path: string | null,
  { token, silenceMs }: { token?: string | undefined; silenceMs?: number } = {},
): Streamed<View> => {
  const [streamed, setStreamed] = useState<Streamed<View>>({
    view: undefined,
    state: 'opening',
    why: undefined,
  });
  useEffect(() => {
    if (path === null) return;
    return followEvents(path, {
      token,
      ...(silenceMs !== undefined && { silenceMs }),
      onMessage: ({ data }) =>
        setStreamed({ view: JSON.parse(data), state: 'open', why: undefined }),
      onState: (state, why) =>
        setStreamed(({ view }) => ({ view, state, why: state === 'lost' ? why : undefined })),
    });
  }, [path, token, silenceMs]);
  return streamed;
};
