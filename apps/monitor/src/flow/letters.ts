import { deadLetterHeaders as headers, positionOfRecord } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import type { DeadFact } from './booking.ts';
import { isBookingId } from './fact.ts';

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
    bookingId: isBookingId(about) ? about : null,
  };
};

/** Where the dead letter stands that is put back by a record; undefined if none is. */
export const revivedBy = ({ topic, headers: given }: LogRecord): string | undefined =>
  ownerOf(topic, '.redrive') === undefined ? undefined : given[headers.redriveOf];

/** The dead letters that nobody has put back or discarded. */
export interface Letters {
  /** Takes a dead letter in. @returns false if it is none any more */
  add(letter: DeadFact): boolean;
  /** The one at a position is none any more, also if it is heard of only later. */
  drop(position: string): void;
  isDropped(position: string): boolean;
  /** How many each service has. */
  counts(): ReadonlyMap<string, number>;
}

export const letters = (): Letters => {
  /** By position, whose they are. */
  const dead = new Map<string, string>();
  const dropped = new Set<string>();
  return {
    add: ({ position, service }) => {
      if (dropped.has(position)) return false;
      dead.set(position, service);
      return true;
    },
    drop: (position) => {
      dropped.add(position);
      dead.delete(position);
    },
    isDropped: (position) => dropped.has(position),
    counts: () => {
      const counts = new Map<string, number>();
      for (const service of dead.values()) counts.set(service, (counts.get(service) ?? 0) + 1);
      return counts;
    },
  };
};
