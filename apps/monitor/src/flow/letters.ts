import { deadLetterHeaders as headers, positionOfRecord } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { reasonOf } from '@ensemble/telemetry';
import { z } from 'zod';
import { word } from '../asked.ts';
import type { DeadFact } from './booking.ts';
import { isBookingId } from './fact.ts';
import { pageOf } from './page-of.ts';
import { recentIds } from './recent-ids.ts';

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
    reason: reasonOf(given[headers.reason]) || 'no reason given',
    eventId: given['ce_id'] ?? null,
    type: given['ce_type'] ?? given[headers.came] ?? null,
    bookingId: isBookingId(about) ? about : null,
  };
};

/** Where the dead letter stands that is put back by a record; undefined if none is. */
export const revivedBy = ({ topic, headers: given }: LogRecord): string | undefined =>
  ownerOf(topic, '.redrive') === undefined ? undefined : given[headers.redriveOf];

/** Which letters are looked for; what is left out does not matter. */
export const lettersQuery = z.object({
  service: word,
  /** A part of the position, the type, the booking's id or the reason. */
  q: word,
  /** As the page before said: `next`. */
  before: word,
});
export type LettersQuery = z.output<typeof lettersQuery>;

/** The dead letters that nobody has put back or discarded. */
export interface Letters {
  /** Takes a dead letter in. @returns false if it is none any more */
  add(letter: DeadFact): boolean;
  /** The one at a position is none any more, also if it is heard of only later. */
  drop(position: string): void;
  isDropped(position: string): boolean;
  /** How many each service has. */
  counts(): ReadonlyMap<string, number>;
  /** A page of those that are like this, the newest first. */
  find(query: LettersQuery): {
    readonly letters: readonly DeadFact[];
    /** How many there are on all pages. */
    readonly count: number;
    readonly next: string | null;
  };
}

/** Of so many it is known that they are none any more, should they be heard of only now. */
const droppedKnown = 100_000;

const isLike = ({ position, type, bookingId, reason }: DeadFact, text: string): boolean =>
  [position, type, bookingId, reason].some((each) => each?.toLowerCase().includes(text));

export const letters = (): Letters => {
  const dead = new Map<string, DeadFact>();
  const dropped = recentIds(droppedKnown);
  return {
    add: (letter) => {
      if (dropped.has(letter.position)) return false;
      dead.set(letter.position, letter);
      return true;
    },
    drop: (position) => {
      dropped.meet(position);
      dead.delete(position);
    },
    isDropped: (position) => dropped.has(position),
    counts: () => {
      const counts = new Map<string, number>();
      for (const { service } of dead.values()) counts.set(service, (counts.get(service) ?? 0) + 1);
      return counts;
    },
    find: ({ service, q = '', before }) => {
      const text = q.trim().toLowerCase();
      const found = [...dead.values()].filter(
        (letter) =>
          (service === undefined || letter.service === service) &&
          (text === '' || isLike(letter, text)),
      );
      const { page, next } = pageOf(found, {
        before,
        placeOf: ({ at, position: id }) => ({ at, id }),
      });
      return { letters: page, count: found.length, next };
    },
  };
};
