import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SigningKey } from './keys.ts';

/** Whoever has the link has the ticket: 128 bits that only the holder of the key can make. */
const signatureOf = (bookingId: string, { linkSecret }: SigningKey): Buffer =>
  createHmac('sha256', linkSecret).update(bookingId).digest().subarray(0, 16);

/** Where the documents of a booking's ticket are served; the same each time. */
export const linksOf = (
  publicUrl: string,
  bookingId: string,
  key: SigningKey,
): { pdf: string; calendar: string } => {
  const signature = signatureOf(bookingId, key).toString('base64url');
  const folder = `${publicUrl.replace(/\/+$/, '')}/tickets/${bookingId}/${signature}`;
  return { pdf: `${folder}/ticket.pdf`, calendar: `${folder}/show.ics` };
};

/** Whether this is the signature that {@link linksOf} put into the booking's links. */
export const isSigned = (bookingId: string, signature: string, key: SigningKey): boolean => {
  const expected = signatureOf(bookingId, key);
  const found = Buffer.from(signature, 'base64url');
  return found.length === expected.length && timingSafeEqual(found, expected);
};
