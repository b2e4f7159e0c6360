import { useCallback, useEffect, useMemo, useState } from 'react';
import { ask, Refused } from './ask.ts';

/** What a server answered, as far as is known. */
export interface Answered<Answer> {
  /** The newest answer; undefined before the first. */
  readonly answer: Answer | undefined;
  /** Why the newest try came to nothing. */
  readonly refused: Refused | undefined;
  /** A try is under way. */
  readonly isAsking: boolean;
  /** When the newest answer came, in milliseconds since 1970 UTC. */
  readonly at: number | undefined;
  /** Asks again. */
  readonly again: () => void;
}

type Known<Answer> = Omit<Answered<Answer>, 'again' | 'isAsking'> & { readonly settled: object };

/**
 * Asks a server whenever the path or `version` changes; not at all while the path is null. The last
 * answer stays while the next is on its way: a view of another subject is another component (a key).
 */
export const useAnswer = <Answer>(
  path: string | null,
  { token, version }: { token?: string | undefined; version?: unknown } = {},
): Answered<Answer> => {
  const [tries, setTries] = useState(0);
  const again = useCallback(() => setTries((before) => before + 1), []);
  const question = useMemo(() => ({ path, token, version, tries }), [path, token, version, tries]);
  const [known, setKnown] = useState<Known<Answer>>({
    answer: undefined,
    refused: undefined,
    at: undefined,
    settled: {},
  });

  useEffect(() => {
    if (question.path === null) return;
    const asking = new AbortController();
    ask<Answer>(question.path, { token: question.token, signal: asking.signal }).then(
      (answer) => {
        if (asking.signal.aborted) return;
        setKnown({ answer, refused: undefined, at: Date.now(), settled: question });
      },
      (error: unknown) => {
        if (asking.signal.aborted) return;
        const refused =
          error instanceof Refused ? error : new Refused(0, 'The answer could not be read.');
        setKnown((before) => ({ ...before, refused, settled: question }));
      },
    );
    return () => asking.abort();
  }, [question]);

  const { settled, ...rest } = known;
  return { ...rest, isAsking: path !== null && settled !== question, again };
};
