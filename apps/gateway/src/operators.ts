import { hash, timingSafeEqual } from 'node:crypto';
import { bearer } from '@ensemble/host/edge';
import type { Request } from 'express';
import { Problem } from './problem.ts';

/** The operator whom a request comes from, by name. @throws Problem if it comes from none */
export type OperatorOf = (request: Request) => string;

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/**
 * Compares with every token, whichever it is.
 * @param tokens operators' names by token
 */
export const operatorsOnly = (tokens: ReadonlyMap<string, string>): OperatorOf => {
  const operators = [...tokens].map(([token, name]) => ({ digest: digest(token), name }));
  return (request) => {
    const given = digest(bearer(request) ?? '');
    const [found] = operators.filter((each) => timingSafeEqual(each.digest, given));
    if (found === undefined) throw new Problem('operators-only', 'The token is no operator’s.');
    return found.name;
  };
};
