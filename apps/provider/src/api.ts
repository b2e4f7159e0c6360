import { randomBytes } from 'node:crypto';
import express, { type Request, type Response } from 'express';
import { z } from 'zod';
import * as answers from './answer.ts';
import type { Answer } from './answer.ts';
import type { Behaviour, Gate } from './behaviour.ts';
import type { Books } from './books.ts';
import type { Refund } from './objects.ts';
import * as rules from './rules.ts';
import type { Circumstances, Outcome } from './rules.ts';

const noIntent = (id: string): Outcome => ({
  answer: answers.missing('payment_intent', id, 'intent', 404),
  keeps: [],
});

const refundQuery = z.strictObject({
  payment_intent: z.string().min(1),
  limit: z.coerce.number().int().min(1).max(100).default(10),
});

/**
 * The part of Stripe's API that a booking needs: intents, charges to read, refunds.
 * @param now milliseconds since 1970 UTC
 */
export const api = (books: Books, entrance: Gate, now: () => number): express.Router => {
  const router = express.Router();
  router.use((request, response, next) => {
    response.set('Request-Id', `req_${randomBytes(7).toString('hex')}`);
    if (/^Bearer sk_test_\w+$/.test(request.get('authorization') ?? '')) return next();
    return send(response, answers.unauthorized());
  });
  router.use(express.urlencoded({ extended: true }));
  const { get, post } = served(router, books, entrance, now);

  post('/payment_intents', rules.creation, (params, _id, around) => rules.create(params, around));
  post('/payment_intents/:id/confirm', rules.confirmation, (params, id, around) => {
    const intent = books.intent(id);
    return intent === undefined ? noIntent(id) : rules.confirm(intent, params, around);
  });
  post('/payment_intents/:id/cancel', rules.cancellation, (_params, id, around) => {
    const intent = books.intent(id);
    return intent === undefined ? noIntent(id) : rules.cancel(intent, around);
  });
  post('/refunds', rules.restitution, (params, _id, around, mode) => {
    const id = params.payment_intent;
    const intent = books.intent(id);
    if (intent === undefined) {
      return { answer: answers.missing('payment_intent', id, 'payment_intent', 400), keeps: [] };
    }
    const charge = books.charge(intent.latest_charge ?? '');
    return rules.giveBack(charge, params, around, refundsIn[mode] ?? 'succeeded');
  });

  get('/payment_intents/:id', ({ params }) => {
    const id = String(params['id']);
    const intent = books.intent(id);
    return intent === undefined ? noIntent(id).answer : answers.ok(intent);
  });
  get('/charges/:id', ({ params }) => {
    const id = String(params['id']);
    const charge = books.charge(id);
    return charge === undefined ? answers.missing('charge', id, 'id', 404) : answers.ok(charge);
  });
  get('/refunds', ({ query }) => {
    const params = refundQuery.safeParse(query);
    if (!params.success) return misread(params.error, query);
    const { payment_intent, limit } = params.data;
    const refunds = books.refundsOf(payment_intent);
    const data = refunds.slice(0, limit);
    const url = '/v1/refunds';
    return answers.ok({ object: 'list', url, has_more: refunds.length > data.length, data });
  });
  return router;
};

/** What becomes of refunds, where it is not that they succeed. */
const refundsIn: { readonly [Mode in Behaviour['mode']]?: Refund['status'] } = {
  'refuse-refunds': 'failed',
  'hold-refunds': 'pending',
};

/** Answers a caller. */
export const send = (response: Response, { status, body }: Answer): void => {
  response.status(status).json(body);
};

type Decide<Params> = (
  params: Params,
  id: string,
  circumstances: Circumstances,
  mode: Behaviour['mode'],
) => Outcome;

/** What the parameters of a request are not, in Stripe's words. */
const misread = ({ issues }: z.ZodError, params: Readonly<Record<string, unknown>>): Answer => {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys') {
    const param = issue.keys[0] ?? '';
    const code = 'parameter_unknown';
    return answers.invalid(`Received unknown parameter: ${param}`, { code, param });
  }
  const param = String(issue?.path[0] ?? '');
  return params[param] === undefined
    ? answers.invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
    : answers.invalid(`Invalid ${param}: ${issue?.message}`, { param });
};

/** Does what a request asks, once for each idempotency key. */
const doOnce = (
  books: Books,
  key: string | undefined,
  request: string,
  decide: () => Outcome,
): { answer: Answer; replayed: boolean } =>
  books.atomically(() => {
    const given = key === undefined ? undefined : books.given(key);
    if (given !== undefined) {
      const answer = given.request === request ? given : answers.keyUsedOtherwise(key ?? '');
      return { answer, replayed: answer === given };
    }
    const { answer, keeps } = decide();
    books.keep(keeps);
    if (key !== undefined) books.give(key, { ...answer, request });
    return { answer, replayed: false };
  });

/** How requests are served on a router: let in by the gate, and done once. */
const served = (router: express.Router, books: Books, entrance: Gate, now: () => number) => {
  const inFlight = new Set<string>();
  const circumstances = (): Circumstances => ({
    newId: (prefix) => `${prefix}_3Pretend${randomBytes(8).toString('hex')}`,
    at: Math.floor(now() / 1000),
  });

  const get = (path: string, read: (request: Request) => Answer): void => {
    router.get(path, async (request, response) => {
      const mode = await entrance.admit();
      if (mode === 'down') return send(response, answers.down());
      if (mode === 'lose-answer') return void request.socket.destroy();
      return send(response, read(request));
    });
  };

  const post = <Params>(path: string, schema: z.ZodType<Params>, decide: Decide<Params>): void => {
    router.post(path, async (request, response) => {
      const key = request.get('idempotency-key');
      if (key !== undefined && inFlight.has(key)) return send(response, answers.keyInUse(key));
      if (key !== undefined) inFlight.add(key);
      try {
        const mode = await entrance.admit();
        if (mode === 'down') return send(response, answers.down());
        const body: Record<string, unknown> = request.body ?? {};
        const params = schema.safeParse(body);
        // Stripe keeps no answer for a request that it did not begin.
        if (!params.success) return send(response, misread(params.error, body));
        const { answer, replayed } = doOnce(
          books,
          key,
          `POST ${request.originalUrl} ${JSON.stringify(body)}`,
          () => decide(params.data, String(request.params['id']), circumstances(), mode),
        );
        if (mode === 'lose-answer') return void request.socket.destroy();
        if (replayed) response.set('Idempotent-Replayed', 'true');
        return send(response, answer);
      } finally {
        if (key !== undefined) inFlight.delete(key);
      }
    });
  };
  return { get, post };
};
