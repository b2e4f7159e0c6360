import { deadLetterHeaders as headers, positionOfRecord } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import type { DeadFact } from './booking.ts';

const bookingId = /^[0-9a-f]{32}$/;

/** The service whose dead letters, or letters come back, are on a topic; undefined if it is neither. */
const ownerOf = (topic: string, suffix: '.dead' | '.redrive'): string | undefined =>
  topic.endsWith(suffix) ? topic.slice(0, -suffix.length) : undefined;

/** A record of a service's dead letters; undefined if it is none. */
export const deadFactOf = (record: LogRecord): DeadFact | undefined => {
  const service = ownerOf(record.topic, '.dead');
  if (service === undefined) return undefined;
  const { headers: given, timestamp: at } = record;
  const about = given['ce_correlationid'] ?? given[headers.stream] ?? '';
  return {
    service,
    at,
    position: positionOfRecord(record),
    reason: given[headers.reason] ?? 'no reason given',
    eventId: given['ce_id'] ?? null,
    type: given['ce_type'] ?? given[headers.came] ?? null,
    // Whoever wrote garbage may have claimed anything.
    bookingId: bookingId.test(about) ? about : null,
  };
};

/** Where the dead letter stands that is put back by a record; undefined if none is. */
export const revivedBy = ({ topic, headers: given }: LogRecord): string | undefined =>
  ownerOf(topic, '.redrive') === undefined ? undefined : given[headers.redriveOf];
