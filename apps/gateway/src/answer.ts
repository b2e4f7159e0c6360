import type { Observe } from '@ensemble/choreography';
import { answerProblem } from '@ensemble/host/problem';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { answerOf, Problem, type ProblemCode } from './problem.ts';

/** Answers with a problem. */
export const sendProblem = (response: Response, problem: Problem): void => {
  if (problem.retryAfter !== undefined) response.set('Retry-After', String(problem.retryAfter));
  if (problem.code === 'operators-only') response.set('WWW-Authenticate', 'Bearer');
  const isKeyed = response.req.get('Idempotency-Key') !== undefined;
  answerProblem(response, answerOf(problem, isKeyed));
};

/** What the parser of bodies calls its errors. */
const parserErrors: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  'entity.parse.failed': ['malformed', 'The body is not JSON.'],
  'entity.verify.failed': ['malformed', 'The body is not in UTF-8.'],
  'entity.too.large': ['too-large', 'The body has more than 16 KiB.'],
  'charset.unsupported': ['wrong-media-type', 'The body is not in UTF-8.'],
  'encoding.unsupported': ['wrong-media-type', 'The body is compressed.'],
  'request.aborted': ['malformed', 'The body ended early.'],
  'request.size.invalid': ['malformed', 'The body is not as long as Content-Length says.'],
};
const parserError = z.object({ type: z.string() });

const problemOf = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof URIError) return new Problem('unknown-path', 'The path cannot be decoded.');
  const type = parserError.safeParse(error).data?.type ?? '';
  const [code, detail] = parserErrors[type] ?? ['internal', 'It is not your fault.'];
  return new Problem(code, detail, { cause: error });
};

/** Every error becomes a problem; those that are ours are observed, without what was sent. */
export const answerErrors =
  (observe: Observe): ErrorRequestHandler =>
  (error: unknown, { method, route }, response, next) => {
    const problem = problemOf(error);
    if (problem.code === 'internal') {
      const path = z.object({ path: z.string() }).safeParse(route).data?.path ?? '';
      observe('failed', { service: 'gateway', what: `${method} ${path}`, error });
    }
    if (response.headersSent) next(error);
    else sendProblem(response, problem);
  };

/** Nothing is here. */
export const nothingHere: RequestHandler = ({ path }) => {
  throw new Problem('unknown-path', `There is nothing at ${path}.`);
};

/** Something is here, but not for this method. */
export const onlyFor =
  (...methods: readonly string[]): RequestHandler =>
  ({ method }, response) => {
    const allowed = methods.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : [each]));
    response.set('Allow', allowed.join(', '));
    throw new Problem('wrong-method', `Expected ${allowed.join(' or ')}, found ${method}.`);
  };
