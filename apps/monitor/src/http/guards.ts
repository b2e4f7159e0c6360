import { tokenShown } from '@ensemble/host';
import type { Request, RequestHandler } from 'express';
import helmet from 'helmet';
import { Refused } from './refused.ts';

/** Answers are data; the page brings what it needs itself. */
export const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
  },
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
});

const loopback = ['localhost', '127.0.0.1', '[::1]'];

const nameIn = (host: string): string | undefined =>
  URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;

/**
 * Answers only who asks for this machine, or for one of the names under which it is known: a page
 * elsewhere whose name was made to lead here is told no.
 */
export const knownHosts = (names: readonly string[]): RequestHandler => {
  const known = new Set([...loopback, ...names]);
  return (request, _response, next) => {
    const name = nameIn(request.headers.host ?? '');
    if (name !== undefined && known.has(name)) return next();
    throw new Refused({
      status: 421,
      code: 'unknown-host',
      title: 'The monitor is not known by this name',
      detail: 'Ask for localhost, or set MONITOR_PUBLIC_URL to where people reach it.',
    });
  };
};

/** Who a request comes from. @throws Refused unless it shows an operator's token */
export type OperatorOf = (request: Request) => string;

/** @param operators tokens by the operators' names */
export const operatorsOnly =
  (operators: ReadonlyMap<string, string>): OperatorOf =>
  ({ headers: { authorization } }) => {
    const token = tokenShown(authorization, operators.values());
    const found = [...operators].find(([, each]) => each === token);
    if (found !== undefined) return found[0];
    throw new Refused({
      status: 401,
      code: 'operators-only',
      title: 'Operators only',
      detail: "Show an operator's token: `Authorization: Bearer …`.",
    });
  };
