import { createServer, type RequestListener } from 'node:http';
import express, { type Express, type Router } from 'express';
import { CannotStart } from './cannot-start.ts';
import { answerProblem, problemOf, problemPages, type ProblemKinds } from './problem.ts';

/** How long answers under way may take once a server is to stop, in milliseconds. */
const graceMs = 1_000;

/** Where a server listens. */
export interface Listening {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** The variable of the environment that decides the port. */
  readonly variable: string;
}

/** A server that listens. */
export interface Served {
  /** Where it answers on this machine, without a slash at the end. */
  readonly url: string;
  /** Takes no further request; resolves when the last answer is out, or cut off after a second. */
  stop(): Promise<void>;
}

/** Where a server on this host and port is reached: one that listens everywhere, by this machine. */
export const urlOf = (host: string, port: number): string => {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

/** The port of such an address. */
export const portOf = (url: string): number => Number(new URL(url).port);

const whyNot = (code: string | undefined, host: string, port: number): string =>
  code === 'EADDRINUSE'
    ? `port ${port} of ${host} is taken: end what uses it, or choose another one`
    : `cannot listen on port ${port} of ${host} (${code}): choose another port or HOST`;

/**
 * Listens for requests.
 * @throws CannotStart if it is not possible
 */
export const serve = async (
  app: RequestListener,
  { host, port, variable }: Listening,
): Promise<Served> => {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new CannotStart(`${variable}: ${whyNot(cause.code, host, port)}`, { cause })),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const found = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: urlOf(host, found),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const late = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(late);
    },
  };
};

/** A server of these routes alone, in turn, and of the pages that explain their problems. */
export const appOf = (routes: Router | readonly Router[], problems: ProblemKinds): Express => {
  const kinds = {
    ...problems,
    'unknown-path': [404, 'There is nothing here', 'Use the whole link as you were given it.'],
  } as const;
  return express()
    .disable('x-powered-by')
    .use(problemPages(kinds), [routes].flat())
    .use(({ path }, response) =>
      answerProblem(response, problemOf(kinds, 'unknown-path', `There is nothing at ${path}.`)),
    );
};
