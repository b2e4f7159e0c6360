import { hash } from 'node:crypto';

/**
 * An id made from what it stands for, so that whoever decides again arrives at the same one:
 * 32 hex digits (the first 128 bits of SHA-256).
 */
export const idOf = (...parts: readonly (string | number)[]): string =>
  hash('sha256', parts.join('\u0000'), 'hex').slice(0, 32);
