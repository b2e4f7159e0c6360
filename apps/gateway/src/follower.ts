import type { Settled } from '@ensemble/choreography';
import {
  type AnyEvent,
  type EventType,
  isEventType,
  type ReadableRecord,
} from '@ensemble/contracts';
import { type Log, type LogRecord, partitionOf, type Reader } from '@ensemble/log';
import type { Commit } from '@ensemble/store';
import { progress, type Progress } from './progress.ts';
import { bookingsModel, seatsModel } from './read-models.ts';
import { eventOf, type Recent, recent } from './recent.ts';
import { shows, type Shows } from './shows.ts';
import { type Watchers, watchers } from './watchers.ts';

/** What a gateway reads of all partitions by itself, without a group, for answers and streams. */
export interface Follower
  extends Pick<Watchers, 'watch' | 'tellAll'>, Pick<Progress, 'positions' | 'reached'> {
  readonly shows: Shows;
  /** Every section that was open when it began is known. */
  isWarm(): boolean;
  /** Resolves when it is warm. */
  readonly warm: Promise<void>;
  /** The newest events of a booking, or of a section by its key, read here since it began. */
  events(document: string): AnyEvent[];
  /**
   * All that was said of a booking, as far as this gateway has read or itself taken in; undefined
   * unless it took the booking in itself, and remembers all that followed.
   */
  story(bookingId: string): AnyEvent[] | undefined;
  /** Hears what a request of this gateway leads to, before it is read. */
  takingIn(settling: () => Promise<Settled>): Promise<Settled>;
  /** How far it remembers the events of sections. */
  readonly memory: Pick<Recent, 'newest' | 'lostUpTo'>;
  /** Events of one key stand in this partition of every topic. */
  partition(key: string): number;
  stop(): Promise<void>;
}

/** The topic that tells of shows. */
export const catalogueTopic = 'section';
/** The topics that tell of bookings and of seats. */
export const followedTopics = ['booking', 'seat', 'payment', 'ticket', 'notification'] as const;
/** Who watches this is told of every show. */
export const anyShow = '*';
const recordsOfBookings = 40_000;
const recordsOfSections = 20_000;

const ofBookings = new Set<EventType>(bookingsModel.hears);
const ofSections = new Set<EventType>(seatsModel.hears);

/** @param ready when the topics are there */
export const follow = (log: Log, ready: Promise<void>): Follower => {
  const catalogue = shows();
  const bookings = recent(recordsOfBookings);
  const sections = recent(recordsOfSections);
  const { watch, tell, tellAll } = watchers();
  let readers: readonly Reader[] = [];
  const read = progress(() =>
    Object.fromEntries(readers.flatMap((reader) => Object.entries(reader.positions()))),
  );
  let isWarm = false;
  let stopped = false;

  const takeOpened = (record: LogRecord): string[] => {
    const events = eventOf(record);
    for (const event of events) catalogue.hear(event);
    return [anyShow, ...events.map(({ data }) => data.showId)];
  };

  const takeOfBooking = (record: ReadableRecord, isDecided = false): string[] => {
    const { ce_type: type = '', ce_correlationid: bookingId } = record.headers;
    if (bookingId === undefined || !isEventType(type) || !ofBookings.has(type)) return [];
    bookings.take(bookingId, record, { isFirst: isDecided && type === 'booking.requested' });
    return [bookingId];
  };

  /** Keeps a record with its booking and its section, by its headers: hardly any is ever read. */
  const takeFact = (record: LogRecord): string[] => {
    const { key } = record;
    const { ce_type: type = '' } = record.headers;
    if (!isEventType(type) || key === null) return [];
    const touched = takeOfBooking(record);
    if (ofSections.has(type)) {
      sections.take(key, record);
      touched.push(anyShow, key.slice(0, key.indexOf('/')));
    }
    return touched;
  };

  const taking =
    (take: (record: LogRecord) => string[]) =>
    (records: readonly LogRecord[]): void => {
      const touched = new Set(records.flatMap(take));
      const last = records.at(-1);
      if (last !== undefined) read.advance(last);
      tell(touched);
    };
  const begin = async (): Promise<void> => {
    await ready;
    if (stopped) return;
    readers = [
      log.read({ topics: [catalogueTopic], from: 'start', onRecords: taking(takeOpened) }),
      log.read({ topics: followedTopics, from: 'end', onRecords: taking(takeFact) }),
    ];
    await Promise.all(readers.map(({ caughtUp }) => caughtUp));
    isWarm = true;
  };
  const warm = begin();
  // Who waits for it is told; that it ended before it was warm is no news to anybody else.
  warm.catch(() => undefined);

  return {
    shows: catalogue,
    isWarm: () => isWarm,
    warm,
    memory: sections,
    events: (document) => [...bookings.events(document), ...sections.events(document)],
    story: bookings.whole,
    takingIn: async (settling) => {
      // Nothing follows from what is not decided yet, and reading has begun everywhere. A request on
      // the log says less: it may be there once more, long after what followed from it.
      const isFollowed = isWarm;
      const settled = await settling();
      for (const said of settled.commit?.says ?? []) {
        takeOfBooking(recordOf(said), isFollowed && settled.how === 'decided');
      }
      return settled;
    },
    watch,
    tellAll,
    positions: read.positions,
    reached: read.reached,
    partition: (key) => partitionOf(key, log.partitions),
    stop: async () => {
      stopped = true;
      read.end();
      await Promise.all(readers.map((reader) => reader.stop()));
    },
  };
};

/** What a commit says, before it is on the log. */
export const recordOf = ({
  topic,
  key,
  headers,
  value,
}: Commit['says'][number]): ReadableRecord => ({
  topic,
  key,
  headers,
  value: Buffer.from(value),
  timestamp: Infinity,
});
