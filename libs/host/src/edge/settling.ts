import type { Request, Settled } from '@ensemble/choreography';
import type { StoredMessage } from '@ensemble/store';
import type { Patience } from './patience.ts';
import { EdgeProblem } from './problem.ts';

/** Settles a request of a service's table; see `Running.submit`. */
export type Submit<Name extends string> = (request: Request & { name: Name }) => Promise<Settled>;

/** Whether a request was settled for the very body that has this fingerprint. */
export const isOf = (fingerprint: string, commit: Settled['commit']): boolean => {
  const heard = commit?.heard ?? null;
  return (
    heard !== null &&
    typeof heard === 'object' &&
    'fingerprint' in heard &&
    heard.fingerprint === fingerprint
  );
};

/**
 * Has a service decide on requests from outside, each once: the insert of its commit decides, and
 * what that says is the answer, however often and wherever the request is repeated. Resolves when
 * it is stored and published.
 * @throws EdgeProblem `key-reused` if the id stands for another request, `not-now` if it takes too long
 */
export const settlingOnce =
  <Name extends string>(submit: Submit<Name>, patient: Patience) =>
  async (request: Request & { name: Name }): Promise<readonly StoredMessage[]> => {
    const { commit } = await patient(() => submit(request));
    if (!isOf(request.fingerprint, commit)) {
      throw new EdgeProblem('key-reused', 'The key came with another request before.');
    }
    return commit?.says ?? [];
  };
