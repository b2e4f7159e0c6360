import { ask, newKey, onReturn, Refused } from '@ensemble/ui';
import { useEffect, useSyncExternalStore } from 'react';
import { courier, type Courier } from './courier.ts';
import type { Act, Refusal, Submission } from './submission.ts';

/** Where an act is sent, and as whom. */
export interface Destination {
  readonly path: string;
  readonly token?: string | undefined;
}

/** Answers come in a few seconds, or there is nobody: a connection may be dead and not say so. */
const answerWithinMs = 15_000;

const refusalOf = (error: unknown): Refusal =>
  error instanceof Refused
    ? error
    : { status: 0, code: 'unreadable', retryAfterS: undefined, pointers: [] };

const later = (ms: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** A courier of this window: what it carries outlives a reload, and ends with the window. */
export const windowCourier = <Body, Answer>(
  name: string,
  { path, token }: Destination,
): Courier<Body, Answer> =>
  courier({
    name,
    keep: sessionStorage,
    newKey,
    send: ({ key, body }: Act<Body>) =>
      ask<Answer>(path, {
        method: 'POST',
        body,
        token,
        idempotencyKey: key,
        signal: AbortSignal.timeout(answerWithinMs),
      }),
    refusalOf,
    later,
  });

/** Makes each courier once: who comes back to a booking finds what is under way. */
export const couriers = <Body, Answer>(
  kind: string,
): ((id: string, to: Destination) => Courier<Body, Answer>) => {
  const known = new Map<string, Courier<Body, Answer>>();
  return (id, destination) => {
    const found = known.get(id) ?? windowCourier<Body, Answer>(`${kind}.${id}`, destination);
    known.set(id, found);
    return found;
  };
};

/** How what a courier carries stands; it is sent again when the connection or the reader is back. */
export const useSubmission = <Body, Answer>({
  state,
  subscribe,
  wake,
}: Courier<Body, Answer>): Submission<Body, Answer> => {
  useEffect(() => onReturn(wake), [wake]);
  return useSyncExternalStore(subscribe, state);
};
