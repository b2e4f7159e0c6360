import { seatLetters, type ShowMapView, type ShowView } from './schemas.ts';
import type { SeatState } from './seat-map.ts';
import type { Description, OpenSection } from './shows.ts';

/** How the seats of a show stand, as somebody wants to see it. */
export type Draw<View> = (
  description: Description,
  sections: readonly OpenSection[],
  stateOf: (section: OpenSection, seat: string) => SeatState,
) => View;

/** A show with every seat by its name. */
export const showView: Draw<ShowView> = (description, sections, stateOf) => ({
  ...description,
  sections: sections.map((each) => ({
    section: each.section,
    price: each.price,
    seats: [...each.seats].map((seat) => ({ seat, state: stateOf(each, seat) })),
  })),
});

type Row = ShowMapView['sections'][number]['rows'][number];

/** The seats of a section as rows of letters: a thirtieth of what their names would take. */
const rowsOf = (seats: Iterable<string>, stateOf: (seat: string) => SeatState): Row[] => {
  const rows: Row[] = [];
  for (const seat of seats) {
    const dash = seat.indexOf('-');
    const [row, number] = [seat.slice(0, dash), Number(seat.slice(dash + 1))];
    const letter = seatLetters[stateOf(seat)];
    const last = rows.at(-1);
    if (last?.row === row && last.from + last.seats.length === number) last.seats += letter;
    else rows.push({ row, from: number, seats: letter });
  }
  return rows;
};

/** A show as it is drawn. */
export const showMapView: Draw<ShowMapView> = (description, sections, stateOf) => ({
  ...description,
  sections: sections.map((each) => {
    const { section, price, seats } = each;
    let free = 0;
    const rows = rowsOf(seats, (seat) => {
      const state = stateOf(each, seat);
      if (state === 'free') free += 1;
      return state;
    });
    return { section, price, free, rows };
  }),
});
