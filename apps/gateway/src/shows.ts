import {
  type AnyEvent,
  type EventOf,
  type Money,
  seatsOf,
  type ShowDescription,
} from '@ensemble/contracts';
import { type Fault, Problem } from './problem.ts';
import type { BookingRequest, ShowsView, ShowView } from './schemas.ts';

/** A section that is on sale, as the catalogue knows it. */
export interface OpenSection {
  readonly showId: string;
  readonly section: string;
  readonly price: Money;
  /** Every seat, row by row, in order. */
  readonly seats: ReadonlySet<string>;
}

type Opened = EventOf<'section.opened'>;
/** What a show is called, where and when it is. */
export type Description = Pick<ShowView, 'showId' | 'title' | 'venue' | 'startsAt'>;

/** The shows that are on sale: the fold of every `section.opened`, kept in memory. */
export interface Shows {
  hear(event: AnyEvent): void;
  describe(showId: string): Description | undefined;
  section(showId: string, section: string): OpenSection | undefined;
  /** The sections of a show, by name. */
  sections(showId: string): readonly OpenSection[];
  list(): ShowsView;
  /** The show that a booking is for. @throws Problem pointing at what there is not */
  placeFor(wanted: Wanted): ShowDescription;
}

type Wanted = Pick<BookingRequest, 'showId' | 'section' | 'seats'>;

const refuse = (...errors: readonly Fault[]): never => {
  throw new Problem('unknown-place', errors.map(({ detail }) => detail).join(' '), { errors });
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const isBefore = (a: Opened, b: Opened): boolean => (a.time - b.time || compare(a.id, b.id)) < 0;

const lowest = (prices: readonly Money[]): Money | undefined =>
  prices.toSorted((a, b) => a.amount - b.amount)[0];

export const shows = (): Shows => {
  const all = new Map<string, { first: Opened; sections: Map<string, OpenSection> }>();

  const sections = (showId: string): readonly OpenSection[] =>
    [...(all.get(showId)?.sections.values() ?? [])].sort((a, b) => compare(a.section, b.section));

  const describe = (showId: string): Description | undefined => {
    const show = all.get(showId)?.first.data.show;
    return show && { showId, ...show };
  };

  return {
    hear: (event) => {
      if (event.type !== 'section.opened') return;
      const { showId, section, rows, price } = event.data;
      const show = all.get(showId) ?? { first: event, sections: new Map() };
      all.set(showId, show);
      // Sections come from several partitions in no order; the earliest describes the show.
      if (isBefore(event, show.first)) show.first = event;
      // A section is opened once: a second opening changes nothing, here as in `seat`.
      if (show.sections.has(section)) return;
      show.sections.set(section, { showId, section, price, seats: new Set(seatsOf(rows)) });
    },
    describe,
    section: (showId, section) => all.get(showId)?.sections.get(section),
    sections,
    placeFor: ({ showId, section, seats }) => {
      const show = all.get(showId);
      if (show === undefined) {
        return refuse({ pointer: '/showId', detail: `There is no show ${showId}.` });
      }
      const open = show.sections.get(section);
      if (open === undefined) {
        return refuse({ pointer: '/section', detail: `${showId} has no section ${section}.` });
      }
      const unknown = seats.flatMap((seat, index) =>
        open.seats.has(seat)
          ? []
          : [{ pointer: `/seats/${index}`, detail: `${section} has no seat ${seat}.` }],
      );
      return unknown.length > 0 ? refuse(...unknown) : show.first.data.show;
    },
    list: () => ({
      shows: [...all.values()]
        .map(({ first: { data } }) => ({
          showId: data.showId,
          ...data.show,
          sections: sections(data.showId).map(({ section }) => section),
          from: lowest(sections(data.showId).map(({ price }) => price)) ?? data.price,
        }))
        .sort((a, b) => compare(a.startsAt, b.startsAt) || compare(a.showId, b.showId)),
    }),
  };
};
