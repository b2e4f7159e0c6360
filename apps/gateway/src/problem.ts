import { type ProblemAnswer, type ProblemKinds, problemOf } from '@ensemble/host/problem';

/** Why a request is not answered with what it asked for: status, title, what to do (RFC 9457). */
export const problems = {
  malformed: [400, 'The body cannot be read', 'Send JSON in UTF-8.'],
  invalid: [400, 'The request breaks its schema', 'Mend what `errors` point at; see /docs.'],
  'idempotency-key': [
    400,
    'The Idempotency-Key is missing or odd',
    'Send an Idempotency-Key of 16 to 64 visible ASCII characters.',
  ],
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
  'too-large': [413, 'The body is too large', 'Send at most 16 KiB.'],
  'wrong-media-type': [
    415,
    'The body is of a kind that is not understood',
    'Send `Content-Type: application/json`, in UTF-8 and not compressed.',
  ],
  'unknown-place': [422, 'There is no such seat', 'See GET /api/shows/:showId for what there is.'],
  'key-reused': [
    422,
    'The Idempotency-Key was used for another request',
    'Repeat the request as it was, or take a new key.',
  ],
  'too-many-requests': [429, 'Too many requests', 'Wait as long as Retry-After says.'],
  internal: [500, 'Something is wrong here', 'Repeat the request later.'],
  busy: [503, 'Too many bookings wait for an answer', 'Repeat the request after Retry-After.'],
  cold: [503, 'A cold gateway does not know the shows yet', 'Repeat the request in a moment.'],
  'not-now': [
    503,
    'What this needs is away at the moment',
    'Repeat the request after Retry-After: it will not be done twice.',
  ],
} as const satisfies ProblemKinds;

export type ProblemCode = keyof typeof problems;

/** What is wrong with one place of a request. */
export interface Fault {
  /** JSON pointer into the body (RFC 6901). */
  readonly pointer: string;
  readonly detail: string;
}

/** A request is not answered with what it asked for, and why. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly Fault[];
  /** What to do. */
  readonly advice: string;
  /** Seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      errors?: readonly Fault[];
      advice?: string;
      retryAfter?: number;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.advice = options.advice ?? problems[code][2];
    this.retryAfter = options.retryAfter;
  }
}

/** From this status on, the same request may succeed later. */
const laterFrom = 429;

/**
 * A problem as it is answered.
 * @param isKeyed whether its request came with an Idempotency-Key
 */
export const answerOf = (
  { code, message, errors, advice }: Problem,
  isKeyed: boolean,
): ProblemAnswer => {
  const { status, ...kind } = problemOf(problems, code, message);
  return {
    ...kind,
    status,
    advice: isKeyed && status >= laterFrom ? `${advice} Send the same Idempotency-Key.` : advice,
    ...(errors.length === 0 ? {} : { errors }),
  };
};

/** A JSON pointer of a path of keys. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
