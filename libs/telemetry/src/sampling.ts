import { hash } from 'node:crypto';

/** Which conversations are traced: all spans of one booking, or none, in whatever trace they are. */
export type Sampling = (conversationId: string) => boolean;

/**
 * The randomness of a conversation, 56 bits: the same in every service and every trace, so that
 * all that is linked is kept or dropped together. It stands for OpenTelemetry's explicit
 * randomness, `ot=rv:…`. Source: https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 * @returns 14 hex digits
 */
export const randomnessOf = (conversationId: string): string =>
  hash('sha256', conversationId, 'hex').slice(0, 14);

/** Keeps this share of the conversations, 0 to 1. */
export const shareOf = (ratio: number): Sampling => {
  if (ratio >= 1) return () => true;
  if (ratio <= 0) return () => false;
  const threshold = (1 - ratio) * 2 ** 56;
  return (conversationId) => Number.parseInt(randomnessOf(conversationId), 16) >= threshold;
};
