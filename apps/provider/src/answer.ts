import type { PaymentIntent } from './objects.ts';

/** What a caller is told: an HTTP status and a JSON body. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** An error in Stripe's shape. */
interface Problem {
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string | undefined;
  readonly payment_intent?: PaymentIntent;
}

const problem = (status: number, error: Problem): Answer => ({ status, body: { error } });

/** It was done, or was there to be read. */
export const ok = (body: object): Answer => ({ status: 200, body });

/** The bank said no. */
export const declined = (
  error: NonNullable<PaymentIntent['last_payment_error']>,
  intent: PaymentIntent,
): Answer => problem(402, { ...error, payment_intent: intent });

/** Nobody is called by that id. A path that leads nowhere is a 404, a wrong parameter a 400. */
export const missing = (kind: string, id: string, param: string, status: 400 | 404): Answer =>
  problem(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${kind}: '${id}'`,
  });

/** The request makes no sense, or no sense any more. */
export const invalid = (message: string, more: Pick<Problem, 'code' | 'param'> = {}): Answer =>
  problem(400, { type: 'invalid_request_error', message, ...more });

/** The intent has come to its end and stays there. */
export const unexpectedState = (verb: 'confirm' | 'cancel', intent: PaymentIntent): Answer =>
  problem(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
    payment_intent: intent,
  });

export const unauthorized = (): Answer =>
  problem(401, {
    type: 'invalid_request_error',
    message:
      'Invalid API Key provided. Expected "Authorization: Bearer sk_test_…": a test key of any ' +
      'letters and digits.',
  });

export const keyUsedOtherwise = (key: string): Answer =>
  problem(400, {
    type: 'idempotency_error',
    message:
      'Keys for idempotent requests can only be used with the same parameters they were first ' +
      `used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });

export const keyInUse = (key: string): Answer =>
  problem(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message:
      `There is currently another in-progress request using this Idempotent Key: ${key}. ` +
      'Please try again later.',
  });

export const down = (): Answer =>
  problem(503, { type: 'api_error', message: 'The provider is down; nothing was done.' });

/** @param why what is wrong with the provider itself, for whoever runs it */
export const broken = (why: string): Answer =>
  problem(500, { type: 'api_error', message: `The provider failed and did nothing: ${why}` });
