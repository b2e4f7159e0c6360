import { attribute, type SpanRecord } from '@ensemble/telemetry';
import type { Sign } from './booking.ts';
import { isBookingId } from './fact.ts';

/** What a span tells about a trouble: that there is one, or that there is none any more. */
export interface Told {
  readonly bookingId: string;
  /** The trouble that it is about, whether it is there or over. */
  readonly key: string;
  readonly at: number;
  readonly sign: Sign | null;
}

/** An attribute as text; empty if it is not there. */
export const textOf = ({ attributes }: SpanRecord, name: string): string =>
  String(attributes[name] ?? '');

/** What a span tells of a booking's troubles; undefined if nothing. */
export const toldBy = (span: SpanRecord): Told | undefined => {
  const { service, endMs: at, kind, status } = span;
  const bookingId = textOf(span, attribute.conversationId);
  const toDo = textOf(span, attribute.toDo);
  const outcome = textOf(span, attribute.outcome);
  const about = kind === 'consumer' ? textOf(span, attribute.messageId) : toDo;
  if (!isBookingId(bookingId) || about === '' || outcome === '') return undefined;
  const isParked = outcome === 'parked';
  const hasFailed = kind === 'client' && (outcome === 'failed' || status === 'error');
  const peer = textOf(span, attribute.peer);
  const sign: Sign = {
    service,
    kind: isParked ? 'parked' : 'failed',
    about,
    reaches: peer === '' ? undefined : peer,
    reason:
      textOf(span, attribute.reason) || textOf(span, attribute.errorType) || 'no reason given',
    at,
  };
  return {
    bookingId,
    key: `${service} ${about}`,
    at,
    sign: isParked || hasFailed ? sign : null,
  };
};
