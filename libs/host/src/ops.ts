import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { z } from 'zod';
import { tokenShown } from './operators.ts';
import { type Problem, refuse } from './problem.ts';
import type { Redriven } from './redrive.ts';

/** What a part of the process waits for, in words; ready when there is nothing. */
export interface Readiness {
  readonly waitsFor: readonly string[];
}

/** Whether read models were built anew, and what was done, or is to be done, in words. */
export interface Replayed {
  readonly built: boolean;
  readonly done: string;
}

/** What the operations server shows and does. */
export interface Operations {
  /** The parts of the process by name. */
  status(): ReadonlyMap<string, Readiness>;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** Every service there is, also those that run elsewhere or are down. */
  readonly services: readonly string[];
  redrive(service: string, id: string | undefined): Promise<Redriven>;
  /** Builds the read models of a service anew. */
  replay(service: string): Promise<Replayed>;
  /** Tokens that allow to redrive and replay, by now. */
  tokens(): readonly string[];
  /** Hears why an answer was 500. */
  failed(error: unknown): void;
}

/** Lets those through who show one of the tokens. */
const allowing =
  (tokens: () => readonly string[]): RequestHandler =>
  ({ headers }, response, next) => {
    if (tokenShown(headers.authorization, tokens()) !== undefined) return next();
    response.set('WWW-Authenticate', 'Bearer');
    refuse(response, {
      status: 401,
      code: 'ops.not-allowed',
      title: 'Not allowed',
      detail:
        "Show an operator's token, or the one in the data directory: `Authorization: Bearer …`.",
    });
  };

const invalid = (detail: string): Problem => ({
  status: 422,
  code: 'ops.invalid',
  title: 'The request cannot be understood',
  detail,
});

/** The operations server: how the process is, and the levers that an operator has. */
export const opsServer = (operations: Operations): Express => {
  const { services } = operations;
  const service = z.enum(services, { error: `expected one of ${services.join(', ')}` });
  const redriveRequest = z.strictObject({ service, id: z.string().min(1).max(300).optional() });
  const replayRequest = z.strictObject({ service });

  const unreadable: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const known = z.object({ status: z.int().min(400).max(499) }).safeParse(error);
    if (known.success) {
      const { status } = known.data;
      return refuse(response, { ...invalid('Expected JSON, at most 16 kB.'), status });
    }
    operations.failed(error);
    return refuse(response, {
      status: 500,
      code: 'ops.failed',
      title: 'It did not work',
      detail: 'The log of the process says why. What was done stays done; ask again.',
    });
  };

  const app = express().disable('x-powered-by').disable('etag');
  app.get('/healthz', (_request, response) => void response.json({ status: 'alive' }));
  app.get('/readyz', (_request, response) => {
    const parts = operations.status();
    const ready = [...parts.values()].every(({ waitsFor }) => waitsFor.length === 0);
    response.status(ready ? 200 : 503).json({ ready, services: Object.fromEntries(parts) });
  });
  app.get('/metrics', async (_request, response) => {
    const text = await operations.metrics();
    response.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });

  app.use(
    ['/redrive', '/replay'],
    allowing(() => operations.tokens()),
    express.json({ limit: '16kb' }),
  );
  app.post('/redrive', async ({ body }, response) => {
    const { data, error } = redriveRequest.safeParse(body);
    if (error) return refuse(response, invalid(z.prettifyError(error)));
    response.json(await operations.redrive(data.service, data.id));
  });
  app.post('/replay', async ({ body }, response) => {
    const { data, error } = replayRequest.safeParse(body);
    if (error) return refuse(response, invalid(z.prettifyError(error)));
    response.json({ service: data.service, ...(await operations.replay(data.service)) });
  });
  app.use((_request, response) =>
    refuse(response, {
      status: 404,
      code: 'ops.unknown',
      title: 'There is nothing here',
      detail: 'GET /healthz, /readyz or /metrics; POST /redrive or /replay.',
    }),
  );
  return app.use(unreadable);
};
