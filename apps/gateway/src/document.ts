import { hash } from 'node:crypto';
import type { Request, Response } from 'express';

/** Whether a client has it already: If-None-Match names the tag, or whatever there is. */
const has = (request: Request, etag: string): boolean =>
  (request.get('If-None-Match') ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*');

/**
 * Answers with a document, or with 304 to who has it. Express would ask `Cache-Control` first, and
 * `fetch` says no-cache whenever it is given an If-None-Match.
 */
export const sendDocument = (request: Request, response: Response, document: object): void => {
  const body = JSON.stringify(document);
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  response.set('ETag', etag);
  if (response.get('Cache-Control') === undefined) response.set('Cache-Control', 'no-cache');
  if (has(request, etag)) response.status(304).end();
  else response.type('application/json').send(body);
};
