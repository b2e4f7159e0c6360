import { type Problem, refuse } from '@ensemble/host';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';

/** A request that is not answered with what it asked for (RFC 9457). */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.problem = problem;
  }
}

export const invalid = (detail: string): Refused =>
  new Refused({ status: 422, code: 'invalid', title: 'The request cannot be understood', detail });

export const unknown = (detail: string): Refused =>
  new Refused({ status: 404, code: 'unknown', title: 'There is nothing here', detail });

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
  throw unknown('The API is under /api, the page at /.');
};

const clientError = z.object({ status: z.int().min(400).max(499) });

/** Answers with the problem that was thrown; what nobody expected is told and is 500. */
export const answerErrors =
  (failed: (error: unknown) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    response.set('Cache-Control', 'no-store');
    if (error instanceof Refused) {
      if (error.problem.status === 401) response.set('WWW-Authenticate', 'Bearer');
      return refuse(response, error.problem);
    }
    const known = clientError.safeParse(error);
    if (known.success) {
      const { problem } = invalid('Expected JSON in UTF-8, at most 100 kB.');
      return refuse(response, { ...problem, status: known.data.status });
    }
    failed(error);
    refuse(response, {
      status: 500,
      code: 'failed',
      title: 'It did not work',
      detail: 'The log of the process says why. Ask again.',
    });
  };
