import type { Projection } from '@ensemble/choreography';
import { type AnyEvent, readEvent } from '@ensemble/contracts';
import type { Commit, Store } from '@ensemble/store';
import { viewOf } from './booking.ts';
import type { Follower } from './follower.ts';
import type { Patience } from './patience.ts';
import type { BookingView, ShowView } from './schemas.ts';
import type { SeatMaps } from './seat-maps.ts';
import { showView } from './shows.ts';

/** What customers see; never staler than what this gateway has read or itself taken in. */
export interface Views {
  booking(bookingId: string): Promise<BookingView | undefined>;
  show(showId: string): Promise<ShowView | undefined>;
}

/** The events that a commit of ours says. */
export const saidBy = ({ says }: Commit): AnyEvent[] =>
  says.flatMap(({ topic, key, headers, value }) => {
    const record = { topic, key, headers, value: Buffer.from(value), timestamp: Infinity };
    const reading = readEvent(record);
    return reading.kind === 'event' ? [reading.event] : [];
  });

export const views = (
  bookings: Pick<Projection, 'facts'>,
  maps: SeatMaps,
  follower: Follower,
  { store, patient }: { store: Pick<Store, 'load'>; patient: Patience },
): Views => ({
  booking: async (bookingId) => {
    const [facts, commits] = await patient(() =>
      Promise.all([bookings.facts(bookingId), store.load(bookingId, 0)]),
    );
    const events = [...facts, ...commits.flatMap(saidBy), ...follower.events(bookingId)];
    return viewOf(events, (...place) => follower.shows.section(...place)?.price);
  },

  show: async (showId) => {
    const description = follower.shows.describe(showId);
    if (description === undefined) return undefined;
    const sections = follower.shows.sections(showId);
    const found = await patient(() =>
      Promise.all(sections.map(({ section }) => maps.of(`${showId}/${section}`))),
    );
    const mapOf = new Map(sections.map((each, index) => [each, found[index]]));
    return showView(
      description,
      sections,
      (section, seat) => mapOf.get(section)?.stateOf(seat) ?? 'free',
    );
  },
});
