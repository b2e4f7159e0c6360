import { useReading } from '@ensemble/ui';
import type { House, Place, Section } from '../map/house.ts';
import { sectionName, useTexts } from '../texts.ts';

/** What is chosen, what it costs, and the way on. */
export const Summary = ({
  section: { section, price },
  house,
  chosen,
  notice,
  onGiveUp,
  onBook,
}: {
  section: Section;
  house: House;
  chosen: readonly string[];
  /** What has happened to the choice, in words. */
  notice: string;
  onGiveUp: (seat: Place) => void;
  onBook: () => void;
}) => {
  const { summary: texts, seat: words } = useTexts();
  const { formats } = useReading();
  const seats = chosen.flatMap((seat) => house.find(seat) ?? []);
  const total = { ...price, amount: price.amount * chosen.length };
  return (
    <section className="panel summary" aria-label={texts.title}>
      <h2>{texts.title}</h2>
      <p role="status" className="notice">
        {notice}
      </p>
      {seats.length === 0 ? (
        <p className="soft">{texts.none}</p>
      ) : (
        <ul className="chosen-seats">
          {seats.map((seat) => (
            <li key={seat.name}>
              <span>
                {words.place(seat.row, seat.number)}
                <span className="soft small">{sectionName(section)}</span>
              </span>
              <span className="number">{formats.money(price)}</span>
              <button
                type="button"
                className="plain"
                aria-label={texts.giveUp(words.place(seat.row, seat.number))}
                onClick={() => onGiveUp(seat)}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="total">
        <span>{texts.total}</span>
        <strong className="number">{formats.money(total)}</strong>
      </div>
      <button type="button" className="primary" disabled={seats.length === 0} onClick={onBook}>
        {texts.book(seats.length)}
      </button>
    </section>
  );
};
