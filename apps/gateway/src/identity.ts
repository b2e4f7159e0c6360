import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Json, Store } from '@ensemble/store';

/** What bookings are known by and had with; the same on every gateway, kept nowhere. */
export interface Identity {
  /** A booking's id: 32 hex digits made from the customer's Idempotency-Key. */
  bookingId(idempotencyKey: string): string;
  /** The access token of a booking: who has it may see and change the booking. */
  token(bookingId: string): string;
  /** Whether this is the booking's token, in a time that tells nothing about it. */
  isToken(bookingId: string, token: string): boolean;
  /** Tells one request body from another without keeping what is in it. */
  fingerprint(body: Json): string;
}

/** The secret is not the one that this store's bookings were made with. */
export class WrongSecret extends Error {
  readonly code = 'wrong-secret';
  override readonly name = 'WrongSecret';
}

/** The identity that a secret makes. */
export const identityOf = (secret: string): Identity => {
  const mac = (label: string, text: string): Buffer =>
    createHmac('sha256', secret).update(`${label}\0${text}`).digest();
  const token = (bookingId: string): Buffer => mac('token', bookingId);
  return {
    bookingId: (idempotencyKey) => mac('booking', idempotencyKey).toString('hex').slice(0, 32),
    token: (bookingId) => token(bookingId).toString('base64url'),
    isToken: (bookingId, found) => {
      const expected = Buffer.from(token(bookingId).toString('base64url'));
      const given = Buffer.from(found);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
    fingerprint: (body) => mac('body', JSON.stringify(body)).toString('base64url').slice(0, 22),
  };
};

/**
 * The identity of this installation. A secret that is not given is made once; given or made, its
 * fingerprint is kept, so that two gateways never make different bookings of one key.
 * @throws {@link WrongSecret} if the bookings here were made with another secret
 */
export const establishIdentity = async (
  store: Pick<Store, 'once'>,
  given?: string,
): Promise<Identity> => {
  const secret =
    given ?? (await store.once('booking-secret', randomBytes(32).toString('base64url')));
  const fingerprint = createHmac('sha256', secret).update('fingerprint').digest('hex').slice(0, 16);
  const standing = await store.once('booking-secret-fingerprint', fingerprint);
  if (standing !== fingerprint) {
    throw new WrongSecret(
      `expected the booking secret with fingerprint ${standing}, found one with ${fingerprint}: ` +
        'set BOOKING_SECRET to the secret that this installation began with (or leave it out if ' +
        'none was given then); with another, a repeated request would be a second booking',
    );
  }
  return identityOf(secret);
};
