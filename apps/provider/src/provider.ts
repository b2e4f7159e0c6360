import { createServer, type Server } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { z } from 'zod';
import * as answers from './answer.ts';
import { api, send } from './api.ts';
import { type Behaviour, behaviour, gate } from './behaviour.ts';
import { type Books, openBooks } from './books.ts';
import { arrive } from './rules.ts';

const failed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  const { data } = z.object({ status: z.int().min(400).max(499) }).safeParse(error);
  if (data === undefined) return send(response, answers.broken(String(error)));
  const { body } = answers.invalid('The request cannot be read: expected a well-formed body.');
  return send(response, { ...data, body });
};

const listening = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new Error(
          `the provider cannot listen on ${host}:${port}: expected an address of this machine ` +
            'and a port that is free',
          { cause },
        ),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** Refunds on their way arrive once all is normal again, and fail once refunds are refused. */
const settleRefunds = (books: Books, { mode }: Behaviour): void => {
  const status = mode === 'normal' ? 'succeeded' : mode === 'refuse-refunds' ? 'failed' : undefined;
  if (status === undefined) return;
  books.atomically(() => {
    for (const refund of books.pending()) {
      const charge = books.charge(refund.charge);
      if (charge !== undefined) books.keep(arrive(refund, charge, status));
    }
  });
};

/**
 * Starts the pretend payment provider: Stripe's API under `/v1` for any key `sk_test_…`, and beside
 * it `/behaviour` (how it treats its callers; kept over a restart), `/charges` (an audit of the
 * money captured) and `/healthz`.
 * @param options.port 0 for any that is free
 * @param options.dataDir where `provider.sqlite` is kept
 * @param options.now milliseconds since 1970 UTC
 * @throws if it cannot keep its books or listen there
 */
export const startProvider = async ({
  host,
  port,
  dataDir,
  now = Date.now,
}: {
  host: string;
  port: number;
  dataDir: string;
  now?: () => number;
}): Promise<{ url: string; close(): Promise<void> }> => {
  const books = openBooks(dataDir);
  const entrance = gate(books.behaviour());
  const app = express().disable('x-powered-by').disable('etag');
  app.use('/v1', api(books, entrance, now));
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/charges', (_request, response) => void response.json({ charges: books.captured() }));
  app.get('/behaviour', (_request, response) => void response.json(entrance.current()));
  // Whatever its type is said to be: people try this by hand.
  app.post('/behaviour', express.json({ type: () => true }), (request, response) => {
    const wanted = behaviour.safeParse(request.body);
    if (!wanted.success) {
      const expected = `Invalid behaviour: ${z.prettifyError(wanted.error)}`;
      return send(response, answers.invalid(expected, { param: 'mode' }));
    }
    books.setBehaviour(wanted.data);
    settleRefunds(books, wanted.data);
    entrance.change(wanted.data);
    return void response.json(wanted.data);
  });
  app.use((request, response) =>
    send(response, {
      ...answers.invalid(`Unrecognized request URL (${request.method}: ${request.path}).`),
      status: 404,
    }),
  );
  app.use(failed);

  const server = createServer(app);
  try {
    const actualPort = await listening(server, port, host);
    return {
      url: `http://${host}:${actualPort}`,
      close: async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        entrance.close();
        server.closeAllConnections();
        await closed;
        books.close();
      },
    };
  } catch (error) {
    books.close();
    throw error;
  }
};
