import { useReading } from '@ensemble/ui';
import { partsOf, type Section } from '../map/house.ts';
import { sectionName, useTexts } from '../texts.ts';

/** Seats of a section, what each costs, and all together. */
export const ChosenSeats = ({
  section: { section, price },
  seats,
  onGiveUp,
}: {
  section: Section;
  seats: readonly string[];
  /** Without it they are as they are. */
  onGiveUp?: (seat: string) => void;
}) => {
  const { summary: texts, seat: words } = useTexts();
  const { formats } = useReading();
  return (
    <>
      {seats.length > 0 && (
        <ul className="chosen-seats">
          {seats.map((seat) => {
            const { row, number } = partsOf(seat);
            const place = words.place(row, number);
            return (
              <li key={seat}>
                <span>
                  {place}
                  <span className="soft small">{sectionName(section)}</span>
                </span>
                <span className="number">{formats.money(price)}</span>
                {onGiveUp && (
                  <button
                    type="button"
                    className="plain"
                    aria-label={texts.giveUp(place)}
                    onClick={() => onGiveUp(seat)}
                  >
                    ✕
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <div className="total">
        <span>{texts.total}</span>
        <strong className="number">
          {formats.money({ ...price, amount: price.amount * seats.length })}
        </strong>
      </div>
    </>
  );
};
