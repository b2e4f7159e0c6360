import { refuse } from '@ensemble/host';
import type { SpanSink } from '@ensemble/telemetry';
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { NotOtlp, readOtlp } from './otlp.ts';
import { writeResponse } from './trace-service.ts';

const formats = { 'application/json': 'json', 'application/x-protobuf': 'protobuf' } as const;
const kinds = Object.keys(formats);
const limit = '4mb';

const problem = (status: number, detail: string) => ({
  status,
  code: 'otlp',
  title: 'The spans cannot be taken',
  detail,
});

const unreadable: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof NotOtlp) return refuse(response, problem(400, error.message));
  const known = z.object({ status: z.int().min(400).max(499) }).safeParse(error);
  if (!known.success) return next(error);
  const { status } = known.data;
  refuse(
    response,
    problem(status, `Expected at most ${limit} when unpacked, as they are or gzip.`),
  );
};

const answerOf = (rejected: number) => {
  if (rejected === 0) return {};
  const errorMessage = `${rejected} spans without ids or times were left out`;
  return { partialSuccess: { rejectedSpans: String(rejected), errorMessage } };
};

/** Receives spans by OTLP over HTTP: `POST /v1/traces`, in JSON or protobuf, also gzip. */
export const otlpRoutes = (take: SpanSink): Router => {
  const receive: RequestHandler = (request, response) => {
    const kind = request.is(kinds);
    const format = kind === 'application/json' ? 'json' : 'protobuf';
    const body: unknown = request.body;
    if (typeof kind !== 'string' || !(body instanceof Uint8Array)) {
      return refuse(response, problem(415, `Expected a body of ${kinds.join(' or ')}.`));
    }
    const { spans, rejected } = readOtlp(body, format);
    for (const span of spans) take(span);
    const answer = answerOf(rejected);
    if (format === 'json') response.json(answer);
    else response.type('application/x-protobuf').send(Buffer.from(writeResponse(answer)));
  };
  return Router()
    .post('/v1/traces', express.raw({ type: kinds, limit }), receive)
    .use('/v1/traces', unreadable);
};
