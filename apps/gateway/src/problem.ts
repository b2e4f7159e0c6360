import { EdgeProblem, edgeProblems } from '@ensemble/host/edge';
import type { ProblemKinds } from '@ensemble/host/problem';

export type { Fault } from '@ensemble/host/edge';

/** Why a request is not answered with what it asked for: status, title, what to do (RFC 9457). */
export const problems = {
  ...edgeProblems,
  invalid: [400, 'The request breaks its schema', 'Mend what `errors` point at; see /docs.'],
  'operators-only': [401, 'Operators only', 'Send `Authorization: Bearer <operator token>`.'],
  'unknown-booking': [
    404,
    'There is no such booking for you',
    'Send `Authorization: Bearer <token>` with the token that the booking was accepted with.',
  ],
  'unknown-show': [404, 'There is no such show', 'See GET /api/shows.'],
  'unknown-path': [404, 'There is nothing here', 'See /docs.'],
  'wrong-method': [405, 'This cannot be done here', 'See the header Allow, or /docs.'],
  'too-early': [409, 'It makes no sense yet', 'Repeat the request after Retry-After.'],
  'too-late': [409, 'It makes no sense any more', 'See the booking for what became of it.'],
  'opened-differently': [
    409,
    'It was opened with another description',
    'A section that is on sale cannot be changed; describe it as it is, or use another name.',
  ],
  'unknown-place': [422, 'There is no such seat', 'See GET /api/shows/:showId for what there is.'],
  busy: [503, 'Too many bookings wait for an answer', 'Repeat the request after Retry-After.'],
  cold: [503, 'A cold gateway does not know the shows yet', 'Repeat the request in a moment.'],
} as const satisfies ProblemKinds;

export type ProblemCode = keyof typeof problems;

/** A request is not answered with what it asked for, and why. */
export class Problem extends EdgeProblem<ProblemCode> {}
