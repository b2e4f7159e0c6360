import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { answerProblem, type ProblemKinds } from '../problem.ts';
import { answerOf, type EdgeCode, EdgeProblem } from './problem.ts';

/** Answers with a problem. @param kinds those of the service */
export const sendProblem = (
  kinds: ProblemKinds,
  response: Response,
  problem: EdgeProblem<string>,
): void => {
  if (problem.retryAfter !== undefined) response.set('Retry-After', String(problem.retryAfter));
  const answer = answerOf(kinds, problem, response.req.get('Idempotency-Key') !== undefined);
  if (answer.status === 401) response.set('WWW-Authenticate', 'Bearer');
  answerProblem(response, answer);
};

/** What the parser of bodies calls its errors. */
const parserErrors: Readonly<Record<string, readonly [EdgeCode, string]>> = {
  'entity.parse.failed': ['malformed', 'The body is not JSON.'],
  'entity.verify.failed': ['malformed', 'The body is not in UTF-8.'],
  'entity.too.large': ['too-large', 'The body has more than 16 KiB.'],
  'charset.unsupported': ['wrong-media-type', 'The body is not in UTF-8.'],
  'encoding.unsupported': ['wrong-media-type', 'The body is compressed.'],
  'request.aborted': ['malformed', 'The body ended early.'],
  'request.size.invalid': ['malformed', 'The body is not as long as Content-Length says.'],
};
const parserError = z.object({ type: z.string() });

const problemOf = (error: unknown): EdgeProblem<string> => {
  if (error instanceof EdgeProblem) return error;
  if (error instanceof URIError) {
    return new EdgeProblem('unknown-path', 'The path cannot be decoded.');
  }
  const type = parserError.safeParse(error).data?.type ?? '';
  const [code, detail] = parserErrors[type] ?? ['internal', 'It is not your fault.'];
  return new EdgeProblem(code, detail, { cause: error });
};

/**
 * Every error becomes a problem.
 * @param failed hears of those that are ours: what was asked for, without what was sent
 */
export const answerErrors =
  (kinds: ProblemKinds, failed: (what: string, error: unknown) => void): ErrorRequestHandler =>
  (error: unknown, { method, route }, response, next) => {
    const problem = problemOf(error);
    if (problem.code === 'internal') {
      const path = z.object({ path: z.string() }).safeParse(route).data?.path ?? '';
      failed(`${method} ${path}`, error);
    }
    if (response.headersSent) next(error);
    else sendProblem(kinds, response, problem);
  };

/** Nothing is here. */
export const nothingHere: RequestHandler = ({ path }) => {
  throw new EdgeProblem('unknown-path', `There is nothing at ${path}.`);
};

/** Something is here, but not for this method. */
export const onlyFor =
  (...methods: readonly string[]): RequestHandler =>
  ({ method }, response) => {
    const allowed = methods.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : [each]));
    response.set('Allow', allowed.join(', '));
    throw new EdgeProblem('wrong-method', `Expected ${allowed.join(' or ')}, found ${method}.`);
  };
