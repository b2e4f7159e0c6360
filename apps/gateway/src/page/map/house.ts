import type { ShowMapView } from '../../schemas.ts';

/** A section as it is drawn. */
export type Section = ShowMapView['sections'][number];

/** How a seat stands: `f`ree, `h`eld, `s`old. */
export type Letter = 'f' | 'h' | 's';

/** A seat and where it is, in units of the distance between two neighbours. */
export interface Place {
  readonly name: string;
  readonly row: string;
  readonly number: number;
  readonly letter: Letter;
  readonly x: number;
  readonly y: number;
}

/** A row: all its seats from left to right, aisles left out. */
export interface Line {
  readonly row: string;
  readonly y: number;
  readonly seats: readonly Place[];
}

/** A section laid out: rows from the stage at the top, each in the middle. */
export interface House {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
  /** Where a seat is; undefined if there is none of this name. */
  find(seat: string): Place | undefined;
}

const letterOf = (letter: string | undefined): Letter =>
  letter === 'f' || letter === 'h' ? letter : 's';

/** The two parts of a seat's name. */
export const partsOf = (seat: string): { readonly row: string; readonly number: number } => {
  const dash = seat.lastIndexOf('-');
  return { row: seat.slice(0, dash), number: Number(seat.slice(dash + 1)) };
};

/** Lays a section out. */
export const houseOf = (rows: Section['rows']): House => {
  const runs = Map.groupBy(rows, ({ row }) => row);
  const spans = [...runs].map(([row, parts]) => {
    const first = Math.min(...parts.map(({ from }) => from));
    const last = Math.max(...parts.map(({ from, seats }) => from + seats.length - 1));
    return { row, parts, first, last };
  });
  const width = Math.max(0, ...spans.map(({ first, last }) => last - first + 1));
  const lines = spans.map(({ row, parts, first, last }, y): Line => {
    const left = Math.floor((width - (last - first + 1)) / 2) - first;
    const seats = parts.flatMap(({ from, seats: letters }) =>
      Array.from({ length: letters.length }, (_, index): Place => {
        const number = from + index;
        const letter = letterOf(letters[index]);
        return { name: `${row}-${number}`, row, number, letter, x: number + left, y };
      }),
    );
    return { row, y, seats: seats.toSorted((a, b) => a.x - b.x) };
  });
  const byRow = new Map(lines.map((line) => [line.row, line]));
  return {
    width,
    height: lines.length,
    lines,
    find: (seat) => {
      const { row, number } = partsOf(seat);
      return byRow.get(row)?.seats.find((each) => each.number === number);
    },
  };
};
