import { hash } from 'node:crypto';

/** Which conversations are traced: all spans of one booking, or none, in whatever trace they are. */
export type Sampling = (conversationId: string) => boolean;

/** Ids of bookings and of traces: they are random as they are. */
const random = /^[0-9a-f]{32}$/;
const digits = 14;

/**
 * The randomness of a conversation, 56 bits: the same in every service and every trace, so that
 * all that is linked is kept or dropped together. It stands for OpenTelemetry's explicit
 * randomness, `ot=rv:…`. Source: https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 * @returns 14 hex digits
 */
export const randomnessOf = (conversationId: string): string =>
  (random.test(conversationId) ? conversationId : hash('sha256', conversationId, 'hex')).slice(
    0,
    digits,
  );

/** Keeps this share of the conversations, 0 to 1. */
export const shareOf = (ratio: number): Sampling => {
  if (ratio >= 1) return () => true;
  // So small a share cannot be told from none by a number.
  if (ratio < 2 ** -53) return () => false;
  const threshold = BigInt(Math.round((1 - ratio) * 2 ** 56))
    .toString(16)
    .padStart(digits, '0');
  // Of the same length, digits are in the order of what they stand for.
  return (conversationId) => randomnessOf(conversationId) >= threshold;
};
