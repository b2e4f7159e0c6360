import { createPublicKey } from 'node:crypto';
import { verifyCode } from './code.ts';
import type { PublicKey } from './keys.ts';
import { inWords } from './words.ts';

const parseKey = (pem: string): PublicKey | undefined => {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Checks a ticket's code offline, for `npm run verify-ticket`. It can say 'signed' only: whether
 * the ticket was revoked since, or let somebody in already, is not known here.
 * @returns what to print, and the exit code: 0 signed, 1 not signed, 2 the key is of no use
 */
export const verifyTicket = (
  code: string,
  publicKeyPem: string,
): { lines: string[]; exitCode: number } => {
  const key = parseKey(publicKeyPem);
  if (key === undefined) {
    const line = 'expected an Ed25519 public key in PEM, found something else; GET /keys has it';
    return { lines: [line], exitCode: 2 };
  }
  const verdict = verifyCode(code.trim(), [key]);
  if (!verdict.ok) return { lines: [`not signed: ${verdict.reason}`], exitCode: 1 };
  const { t, b, p, c, s, n } = verdict.payload;
  const lines = [
    'signed (a later revocation cannot be seen offline)',
    `show     ${p}, ${inWords(n)}`,
    `section  ${c}`,
    typeof s === 'string' ? `seat     ${s}` : `seats    ${s.join(', ')}`,
    `ticket   ${t}`,
    `booking  ${b}`,
  ];
  return { lines, exitCode: 0 };
};
