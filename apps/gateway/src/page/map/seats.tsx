import { memo } from 'react';
import type { Block } from './blocks.ts';
import type { Place } from './house.ts';

/** A seat as it is drawn. */
export interface Drawing {
  readonly isChosen: (seat: string) => boolean;
  /** The seat that Tab leads to. */
  readonly current: string | undefined;
  /** What a screen reader says of a seat. */
  readonly nameOf: (seat: Place) => string;
}

const Seat = ({ seat, drawing }: { seat: Place; drawing: Drawing }) => {
  const { name, number, letter, x, y } = seat;
  const isChosen = drawing.isChosen(name);
  const isFree = letter === 'f';
  return (
    <g
      data-seat={name}
      className={`seat ${isChosen ? 'chosen' : letter}`}
      role="button"
      aria-pressed={isChosen}
      aria-disabled={!isFree && !isChosen}
      aria-label={drawing.nameOf(seat)}
      tabIndex={name === drawing.current ? 0 : -1}
      transform={`translate(${x} ${y})`}
    >
      <rect x="0.06" y="0.06" width="0.88" height="0.88" rx="0.22" />
      {isChosen && <path d="M0.27 0.53L0.44 0.7L0.74 0.32" />}
      {!isChosen && isFree && (
        <text x="0.5" y="0.5">
          {number}
        </text>
      )}
      {!isChosen && letter === 'h' && <path d="M0.3 0.5H0.7" />}
      {!isChosen && letter === 's' && <path d="M0.34 0.34L0.66 0.66M0.66 0.34L0.34 0.66" />}
    </g>
  );
};

/** The seats of a block; drawn anew only when it looks otherwise. */
export const Seats = memo(
  ({ block: { seats }, drawing }: { block: Block; drawing: Drawing; words: unknown }) =>
    seats.map((seat) => <Seat key={seat.name} seat={seat} drawing={drawing} />),
  (before, after) =>
    before.block.looks === after.block.looks &&
    before.block.key === after.block.key &&
    before.words === after.words,
);
