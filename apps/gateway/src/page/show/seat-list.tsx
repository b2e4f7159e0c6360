import { useState } from 'react';
import type { House, Line, Place } from '../map/house.ts';
import { useTexts } from '../texts.ts';

interface Choosing {
  readonly chosen: readonly string[];
  readonly nameOf: (seat: Place) => string;
  readonly onPress: (seat: Place) => void;
}

const marks = { f: '', h: '–', s: '×' } as const;

const Row = ({
  line: { row, seats },
  isAtFirst,
  choosing: { chosen, nameOf, onPress },
}: {
  line: Line;
  isAtFirst: boolean;
  choosing: Choosing;
}) => {
  const texts = useTexts().list;
  const [isOpen, setIsOpen] = useState(isAtFirst);
  const free = seats.filter(({ letter }) => letter === 'f').length;
  const id = `row-${row}`;
  return (
    <li>
      <button
        type="button"
        className="row-head"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span>{texts.row(row)}</span>
        <span className="soft">{texts.free(free)}</span>
      </button>
      <ul id={id} className="row-seats" hidden={!isOpen}>
        {isOpen &&
          seats.map((seat) => {
            const isChosen = chosen.includes(seat.name);
            return (
              <li key={seat.name}>
                <button
                  type="button"
                  className={`list-seat ${isChosen ? 'chosen' : seat.letter}`}
                  aria-label={nameOf(seat)}
                  aria-pressed={isChosen}
                  aria-disabled={seat.letter !== 'f' && !isChosen}
                  onClick={() => onPress(seat)}
                >
                  {seat.number}
                  <span aria-hidden="true">{isChosen ? '✓' : marks[seat.letter]}</span>
                </button>
              </li>
            );
          })}
      </ul>
    </li>
  );
};

/** The same seats as on the map, row by row: for whoever would rather read than look. */
export const SeatList = ({ house, ...choosing }: { house: House } & Choosing) => {
  const open = new Set(choosing.chosen.flatMap((seat) => house.find(seat)?.row ?? []));
  return (
    <ul className="seat-list">
      {house.lines.map((line, index) => (
        <Row
          key={line.row}
          line={line}
          isAtFirst={open.has(line.row) || (open.size === 0 && index === 0)}
          choosing={choosing}
        />
      ))}
    </ul>
  );
};
