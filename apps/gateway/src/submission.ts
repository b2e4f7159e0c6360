import type { Settled, start } from '@ensemble/choreography';
import type { gateway } from './gateway.ts';

/** Settles a request of the gateway's table. */
export type Submit = ReturnType<typeof start<typeof gateway>>['submit'];

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
