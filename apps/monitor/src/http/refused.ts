import { answerProblem, problemOf } from '@ensemble/host';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { monitorProblems } from './problems.ts';

type Code = keyof typeof monitorProblems;

/** A request that is not answered with what it asked for (RFC 9457). */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: Code;
  constructor(code: Code, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

export const invalid = (detail: string): Refused => new Refused('invalid', detail);

export const unknown = (detail: string): Refused => new Refused('unknown', detail);

/** Answers with a problem. @param status in place of its kind's own */
export const refuse = (response: Response, code: Code, detail: string, status?: number): void => {
  const problem = problemOf(monitorProblems, code, detail);
  answerProblem(response, { ...problem, status: status ?? problem.status });
};

/** What was given, by a schema. @throws Refused */
export const given = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> => {
  const { data, error } = schema.safeParse(value);
  if (error) throw invalid(z.prettifyError(error));
  return data;
};

export const nothingHere: RequestHandler = () => {
  throw unknown('There is nothing at this path.');
};

const clientError = z.object({ status: z.int().min(400).max(499) });

/** Answers with the problem that was thrown; what nobody expected is told and is 500. */
export const answerErrors =
  (failed: (error: unknown) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof Refused) {
      if (error.code === 'operators-only') response.set('WWW-Authenticate', 'Bearer');
      return refuse(response, error.code, error.message);
    }
    const known = clientError.safeParse(error);
    if (known.success) {
      return refuse(response, 'unreadable', 'Expected JSON, at most 100 kB.', known.data.status);
    }
    failed(error);
    refuse(response, 'failed', 'It ended with an error.');
  };
