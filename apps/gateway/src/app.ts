import type { Observe } from '@ensemble/choreography';
import { problemPages } from '@ensemble/host/problem';
import express, { type Express, type RequestHandler, type Router } from 'express';
import { type MemoryStore, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { answerErrors, nothingHere, sendProblem } from '@ensemble/host/edge';
import { Problem, problems } from './problem.ts';

const minuteMs = 60_000;

/** Answers are data: a page of somebody else's that gets hold of one can do nothing with it. */
const guards = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
  },
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
});

const limiter = (requestsPerMinute: number, store: MemoryStore): RequestHandler =>
  rateLimit({
    windowMs: minuteMs,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    store,
    // It would warn of X-Forwarded-For; here that is nothing but a header like any other.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_request, response) =>
      sendProblem(problems, response, new Problem('too-many-requests', 'Your minute is used up.')),
  });

/** The gateway over HTTP: who may come in, the routes, and problems for all the rest. */
export const app = ({
  routers,
  page,
  rates,
  rateLimitPerMinute,
  proxies,
  stopping,
  observe,
}: {
  routers: readonly Router[];
  /** What customers see; none where nobody looks. */
  page: Router | null;
  rates: MemoryStore;
  /** For each client; 0 for no limit. */
  rateLimitPerMinute: number;
  /** So many hops before it are ours. */
  proxies: number;
  stopping: AbortSignal;
  observe: Observe;
}): Express => {
  const gate: RequestHandler = (_request, response, next) => {
    if (!stopping.aborted) return next();
    response.set('Connection', 'close');
    throw new Problem('not-now', 'This gateway is stopping.', { retryAfter: 1 });
  };

  const gateway = express();
  gateway.disable('x-powered-by');
  // A client is who connects, but for proxies of ours: what else X-Forwarded-For says anybody can say.
  gateway.set('trust proxy', proxies);
  gateway.set('etag', false);
  gateway.use(guards, gate);
  if (rateLimitPerMinute > 0) gateway.use('/api', limiter(rateLimitPerMinute, rates));
  for (const router of routers) gateway.use(router);
  gateway.use(problemPages(problems));
  if (page !== null) gateway.use(page);
  gateway.use(nothingHere);
  gateway.use(
    answerErrors(problems, (what, error) => observe('failed', { service: 'gateway', what, error })),
  );
  return gateway;
};
