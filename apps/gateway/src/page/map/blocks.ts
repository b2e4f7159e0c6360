import type { House, Letter, Place } from './house.ts';
import { type Part, step } from './view.ts';

/** Seats that are drawn together, and anew only together. */
export interface Block {
  readonly key: string;
  /** Tells a state of the block from another. */
  readonly looks: string;
  readonly seats: readonly Place[];
}

/** The seats in a part of a house, in squares. */
export const blocksIn = (
  { lines }: House,
  { fromX, toX, fromY, toY }: Part,
  looksOf: (seat: Place) => string,
): readonly Block[] => {
  const blocks = new Map<string, { looks: string; readonly seats: Place[] }>();
  for (const { seats, y } of lines.slice(Math.max(0, fromY), Math.max(0, toY))) {
    for (const seat of seats) {
      if (seat.x < fromX || seat.x >= toX) continue;
      const key = `${Math.floor(seat.x / step)} ${Math.floor(y / step)}`;
      const block = blocks.get(key) ?? { looks: '', seats: [] };
      if (block.seats.length === 0) blocks.set(key, block);
      block.seats.push(seat);
      block.looks += looksOf(seat);
    }
  }
  return [...blocks].map(([key, block]) => ({ key, ...block }));
};

/** How a seat looks from afar: as it stands, or chosen. */
export type FarLook = Letter | 'chosen';

/**
 * The seats in a part of a house as seen from afar: a path for each look, with one stroke for each
 * run of neighbours that look the same.
 */
export const strokesIn = (
  { lines }: House,
  { fromX, toX, fromY, toY }: Part,
  lookOf: (seat: Place) => FarLook,
): ReadonlyMap<FarLook, string> => {
  const strokes = new Map<FarLook, string>();
  for (const { seats, y } of lines.slice(Math.max(0, fromY), Math.max(0, toY))) {
    let run: { look: FarLook; from: number; to: number } | undefined;
    const end = (): void => {
      if (run === undefined) return;
      const { look, from, to } = run;
      const stroke = `M${from + 0.1} ${y + 0.5}H${to + 0.9}`;
      strokes.set(look, (strokes.get(look) ?? '') + stroke);
    };
    for (const seat of seats) {
      if (seat.x < fromX || seat.x >= toX) continue;
      const look = lookOf(seat);
      if (run?.look === look && run.to === seat.x - 1) run.to = seat.x;
      else {
        end();
        run = { look, from: seat.x, to: seat.x };
      }
    }
    end();
  }
  return strokes;
};
