import { EdgeProblem, edgeProblems } from '@ensemble/host/edge';
import type { ProblemKinds } from '@ensemble/host/problem';

/** Why nobody is let in (RFC 9457). */
export const doorProblems = {
  ...edgeProblems,
  'stewards-only': [401, 'Stewards only', 'Send `Authorization: Bearer <steward token>`.'],
  'unknown-ticket': [404, 'There is no such ticket', 'Send them to the box office.'],
  'already-admitted': [
    409,
    'Somebody was let in on this ticket',
    'See `admitted` for when and where, and ask for the booking.',
  ],
  revoked: [409, 'The ticket was revoked', 'The money went back: send them to the box office.'],
  'other-show': [409, 'The ticket is for another show', 'See `show` for which, and when.'],
  'not-a-ticket': [
    422,
    'This is no ticket of ours',
    'It is forged or damaged: scan it again, or send them to the box office.',
  ],
} as const satisfies ProblemKinds;

/** Nobody is let in, and why. */
export class DoorProblem extends EdgeProblem<keyof typeof doorProblems> {}
