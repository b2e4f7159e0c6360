import { type ProblemAnswer, type ProblemKinds, problemOf } from '../problem.ts';

/** Why any request to a service may not be answered with what it asked for (RFC 9457). */
export const edgeProblems = {
  malformed: [400, 'The body cannot be read', 'Send JSON in UTF-8.'],
  invalid: [400, 'The request breaks its schema', 'Mend what `errors` point at.'],
  'idempotency-key': [
    400,
    'The Idempotency-Key is missing or odd',
    'Send an Idempotency-Key of 16 to 64 visible ASCII characters.',
  ],
  'unknown-path': [404, 'There is nothing here', 'Use the address as you were given it.'],
  'wrong-method': [405, 'This cannot be done here', 'See the header Allow.'],
  'too-large': [413, 'The body is too large', 'Send at most 16 KiB.'],
  'wrong-media-type': [
    415,
    'The body is of a kind that is not understood',
    'Send `Content-Type: application/json`, in UTF-8 and not compressed.',
  ],
  'key-reused': [
    422,
    'The Idempotency-Key was used for another request',
    'Repeat the request as it was, or take a new key.',
  ],
  'too-many-requests': [429, 'Too many requests', 'Wait as long as Retry-After says.'],
  internal: [500, 'Something is wrong here', 'Repeat the request later.'],
  'not-now': [
    503,
    'What this needs is away at the moment',
    'Repeat the request after Retry-After: it will not be done twice.',
  ],
} as const satisfies ProblemKinds;

/** The kinds of {@link edgeProblems}. */
export type EdgeCode = keyof typeof edgeProblems;

/** What is wrong with one place of a request. */
export interface Fault {
  /** JSON pointer into the body (RFC 6901). */
  readonly pointer: string;
  readonly detail: string;
}

/** A request is not answered with what it asked for, and why. Its code is of the service's kinds. */
export class EdgeProblem<Code extends string = EdgeCode> extends Error {
  override readonly name = 'Problem';
  readonly code: Code;
  readonly errors: readonly Fault[];
  /** What to do, if not what all of its kind are told. */
  readonly advice: string | undefined;
  /** Seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined;
  /** What else is answered, by field. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    code: Code,
    detail: string,
    options: {
      errors?: readonly Fault[];
      advice?: string;
      retryAfter?: number;
      more?: Readonly<Record<string, unknown>>;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.advice = options.advice;
    this.retryAfter = options.retryAfter;
    this.more = options.more ?? {};
  }
}

/** From this status on, the same request may succeed later. */
const laterFrom = 429;

/**
 * A problem as it is answered.
 * @param kinds those of the service, {@link edgeProblems} among them
 * @param isKeyed whether its request came with an Idempotency-Key
 */
export const answerOf = (
  kinds: ProblemKinds,
  { code, message, errors, advice, more }: EdgeProblem<string>,
  isKeyed: boolean,
): ProblemAnswer => {
  const { status, ...kind } = problemOf(kinds, code, message);
  const told = advice ?? kind.advice;
  return {
    ...kind,
    status,
    advice: isKeyed && status >= laterFrom ? `${told} Send the same Idempotency-Key.` : told,
    ...(errors.length === 0 ? {} : { errors }),
    ...more,
  };
};

/** A JSON pointer of a path of keys. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
