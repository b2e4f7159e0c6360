import { sign as signWithCallback, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { idOf } from '@ensemble/choreography';
import { z } from 'zod';
import { keyIdOf, type PublicKey, type SigningKey } from './keys.ts';

/** Longer than any code of ours: 8 seats make about 500 characters. */
const maxCodeLength = 2_000;

/** What a code says, in short names: the code is to fit into a QR a phone can read. */
const payloadSchema = z.object({
  v: z.literal(1),
  /** Which key signed it. */
  kid: z.string(),
  /** Ticket, booking, show (`p` as in performance), section. */
  t: z.string(),
  b: z.string(),
  p: z.string(),
  c: z.string(),
  /** One seat, or all of the booking's. */
  s: z.union([z.string(), z.array(z.string()).min(1)]),
  /** When the show starts: a moment in UTC, ISO 8601. */
  n: z.iso.datetime(),
});
/** What a ticket's code says. */
export type TicketPayload = z.output<typeof payloadSchema>;
/** What an issuer says; the version and the key are added by signing. */
export type TicketClaims = Omit<TicketPayload, 'v' | 'kid'>;

/** What came of checking a code offline: signed, or why not. It cannot know of a revocation. */
export type Verdict =
  | { readonly ok: true; readonly payload: TicketPayload }
  | { readonly ok: false; readonly reason: string };

/** The ticket of a booking: 32 hex digits. A booking has one, however often it is issued. */
export const ticketIdOf = (bookingId: string): string => idOf('ticket', bookingId);

/** In the thread pool: signing is the dearest sum of a booking, and nobody has to stand by. */
const sign = promisify(signWithCallback);

/**
 * A ticket's code: base64url of the payload in JSON, a dot, base64url of the Ed25519 signature of
 * what stands before the dot. The same claims and key make the same bytes.
 */
export const signCode = async (
  { t, b, p, c, s, n }: TicketClaims,
  { kid, privateKey }: SigningKey,
): Promise<string> => {
  const payload: TicketPayload = { v: 1, kid, t, b, p, c, s, n };
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
  const signature = await sign(null, Buffer.from(text), privateKey);
  return `${text}.${signature.toString('base64url')}`;
};

const no = (reason: string): Verdict => ({ ok: false, reason });

const parsePayload = (text: string): TicketPayload | undefined => {
  try {
    return payloadSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    return undefined;
  }
};

/** Checks a code, or any garbage instead of one, against the keys that may have signed it. */
export const verifyCode = (code: string, publicKeys: readonly PublicKey[]): Verdict => {
  if (code.length > maxCodeLength) {
    return no(`expected at most ${maxCodeLength} characters, found ${code.length}`);
  }
  const [text, signature, ...rest] = code.split('.');
  if (!text || !signature || rest.length > 0) {
    return no('expected a payload, one dot and a signature');
  }
  const payload = parsePayload(text);
  if (payload === undefined) return no('the payload is not that of a ticket of version 1');
  const key = publicKeys.find((each) => keyIdOf(each) === payload.kid);
  if (key === undefined) return no(`it names a signing key that is not known: ${payload.kid}`);
  const bytes = Buffer.from(signature, 'base64url');
  // Only one spelling of the signature counts, else a ticket would have many codes.
  const signed =
    bytes.toString('base64url') === signature && verify(null, Buffer.from(text), key, bytes);
  return signed ? { ok: true, payload } : no('the signature does not fit: forged or damaged');
};
