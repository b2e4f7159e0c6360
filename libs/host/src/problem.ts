import type { Response } from 'express';

/** A reason not to do what was asked (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** What was found, and what to do. */
  readonly detail: string;
}

/** Answers with a problem. */
export const refuse = (response: Response, { status, code, title, detail }: Problem): void => {
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:ensemble:problem:${code}`, title, status, code, detail }));
};
