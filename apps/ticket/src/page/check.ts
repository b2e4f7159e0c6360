import type { TicketPayload } from '../code.ts';

/** What a code says: where somebody wants to go in. */
export interface Claims {
  readonly bookingId: string;
  readonly showId: string;
  readonly section: string;
  readonly seats: readonly string[];
  /** A moment in UTC, ISO 8601. */
  readonly startsAt: string;
}

/** The public keys as `GET /keys` gives them. */
export interface Keys {
  readonly keys: readonly (JsonWebKey & { readonly kid: string })[];
}

const longest = 2_000;

/** The bytes of a base64url text; undefined for another spelling of the same, and for what is none. */
const bytesOf = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const again = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return again === text ? Uint8Array.from(binary, (byte) => byte.charCodeAt(0)) : undefined;
};

const isText = (value: unknown): value is string => typeof value === 'string';

/** Whether something read from JSON is what a code of version 1 says. */
const isPayload = (value: unknown): value is TicketPayload => {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { v, s } = fields;
  const isSeat = isText(s) || (Array.isArray(s) && s.length > 0 && s.every(isText));
  return (
    v === 1 && isSeat && ['kid', 't', 'b', 'p', 'c', 'n'].every((name) => isText(fields[name]))
  );
};

const payloadOf = (bytes: Uint8Array): TicketPayload | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isPayload(value) ? value : undefined;
  } catch {
    return undefined; // no JSON
  }
};

/**
 * Checks a code by its signature alone, as `verifyCode` does where tickets are made. It cannot know
 * whether the ticket was revoked, or let somebody in already.
 * @returns nothing if none of the keys signed it
 * @throws if the browser cannot check Ed25519 signatures, or not on this address
 */
export const check = async (code: string, { keys }: Keys): Promise<Claims | undefined> => {
  const [text, signature, ...rest] = code.split('.');
  if (!text || !signature || rest.length > 0 || code.length > longest) return undefined;
  const [said, signed] = [bytesOf(text), bytesOf(signature)];
  const payload = said && payloadOf(said);
  if (payload === undefined || signed === undefined) return undefined;
  const jwk = keys.find(({ kid }) => kid === payload.kid);
  if (jwk === undefined) return undefined;
  // Without its `alg`: browsers do not agree on what that is called.
  const bare = { kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '' };
  const key = await crypto.subtle.importKey('jwk', bare, 'Ed25519', false, ['verify']);
  if (!(await crypto.subtle.verify('Ed25519', key, signed, new TextEncoder().encode(text)))) {
    return undefined;
  }
  const { b: bookingId, p: showId, c: section, s, n: startsAt } = payload;
  return { bookingId, showId, section, seats: isText(s) ? [s] : s, startsAt };
};
