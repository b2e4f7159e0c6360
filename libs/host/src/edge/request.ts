import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import { EdgeProblem, edgeProblems, pointerTo } from './problem.ts';
import { wording } from './wording.ts';

const faultsAtMost = 20;

/** Parses a JSON body of at most 16 KiB, in UTF-8 and not compressed. */
export const jsonBody: RequestHandler = (request, response, next) => {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || Number(length) > 0;
  if (hasBody && request.is('application/json') === false) {
    const found = request.get('Content-Type') ?? 'none';
    throw new EdgeProblem('wrong-media-type', `Expected application/json, found ${found}.`);
  }
  parseJson(request, response, next);
};

const parseJson = express.json({
  limit: '16kb',
  inflate: false,
  // JSON that is no object is JSON: the schema says what was expected instead.
  strict: false,
  verify: (_request, _response, bytes, encoding) => {
    if (encoding !== 'utf-8' || !isUtf8(bytes)) throw new Error('the body is not in UTF-8');
  },
});

/** The body as a schema has it. @throws Problem `invalid`, pointing at all that is wrong */
export const readBody = <Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
): z.output<Schema> => {
  const body: unknown = request.body;
  const parsed = schema.safeParse(body, { error: wording });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          pointer: pointerTo([...issue.path, key]),
          detail: 'this field is unknown here',
        }))
      : [{ pointer: pointerTo(issue.path), detail: issue.message }],
  );
  const places = errors.length === 1 ? '1 place is' : `${errors.length} places are`;
  throw new EdgeProblem('invalid', `${places} wrong.`, { errors: errors.slice(0, faultsAtMost) });
};

/** A part of the path. */
export const param = ({ params }: Request, name: string): string => {
  const value = params[name];
  return typeof value === 'string' ? value : '';
};

/** The token of `Authorization: Bearer <token>`. */
export const bearer = (request: Request): string | undefined =>
  /^Bearer +([\w.~+/-]+=*)$/i.exec(request.get('Authorization') ?? '')?.[1];

/** The Idempotency-Key of such an act (`booking`). @throws Problem if it is missing or odd */
export const idempotencyKey = (request: Request, act: string): string => {
  const key = request.get('Idempotency-Key');
  if (key !== undefined && /^[\x21-\x7e]{16,64}$/.test(key)) return key;
  const found = key === undefined ? 'none' : `${key.length} characters`;
  throw new EdgeProblem(
    'idempotency-key',
    `Expected 16 to 64 visible ASCII characters in Idempotency-Key, found ${found}.`,
    { advice: `${edgeProblems['idempotency-key'][2]} Take a new one for each ${act}.` },
  );
};

const waitAtMost = 30;

/** How many seconds a client prefers to wait for the outcome: `Prefer: wait=5` (RFC 7240). */
export const preferredWait = (request: Request): number | undefined => {
  const wait = /(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i;
  const seconds = wait.exec(request.get('Prefer') ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), waitAtMost);
};
