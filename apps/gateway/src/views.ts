import type { Projection } from '@ensemble/choreography';
import type { AnyEvent } from '@ensemble/contracts';
import type { Patience } from '@ensemble/host/edge';
import type { Commit, Store } from '@ensemble/store';
import { viewOf } from './booking.ts';
import { type Follower, recordOf } from './follower.ts';
import { eventOf } from './recent.ts';
import type { BookingView } from './schemas.ts';
import type { SeatMaps } from './seat-maps.ts';
import type { Draw } from './show-views.ts';

/** What customers see; never staler than what this gateway has read or itself taken in. */
export interface Views {
  booking(bookingId: string): Promise<BookingView | undefined>;
  show<View>(showId: string, draw: Draw<View>): Promise<View | undefined>;
}

/** The events that a commit of ours says. */
export const saidBy = ({ says }: Commit): AnyEvent[] =>
  says.flatMap((said) => eventOf(recordOf(said)));

export const views = (
  bookings: Pick<Projection, 'facts'>,
  maps: SeatMaps,
  follower: Follower,
  { store, patient }: { store: Pick<Store, 'load'>; patient: Patience },
): Views => {
  const stored = async (bookingId: string): Promise<AnyEvent[]> => {
    const [facts, commits] = await patient(() =>
      Promise.all([bookings.facts(bookingId), store.load(bookingId, 0)]),
    );
    return [...facts, ...commits.flatMap(saidBy), ...follower.events(bookingId)];
  };

  return {
    // Customers ask most for what they have just begun: the store is not asked for that.
    booking: async (bookingId) =>
      viewOf(
        follower.story(bookingId) ?? (await stored(bookingId)),
        (...place) => follower.shows.section(...place)?.price,
      ),

    show: async (showId, draw) => {
      const description = follower.shows.describe(showId);
      if (description === undefined) return undefined;
      const sections = follower.shows.sections(showId);
      const found = await patient(() =>
        Promise.all(sections.map(({ section }) => maps.of(`${showId}/${section}`))),
      );
      const mapOf = new Map(sections.map((each, index) => [each, found[index]]));
      return draw(
        description,
        sections,
        (section, seat) => mapOf.get(section)?.stateOf(seat) ?? 'free',
      );
    },
  };
};
