import type { Section } from '../map/house.ts';
import { useTexts } from '../texts.ts';
import { ChosenSeats } from './chosen-seats.tsx';

/** What is chosen, what it costs, and the way on. */
export const Summary = ({
  section,
  chosen,
  notice,
  onGiveUp,
  onBook,
}: {
  section: Section;
  chosen: readonly string[];
  /** What has happened to the choice, in words. */
  notice: string;
  onGiveUp: (seat: string) => void;
  onBook: () => void;
}) => {
  const { summary: texts } = useTexts();
  return (
    <section className="panel summary" aria-label={texts.title}>
      <h2>{texts.title}</h2>
      <p role="status" className="notice">
        {notice}
      </p>
      {chosen.length === 0 && <p className="soft">{texts.none}</p>}
      <ChosenSeats section={section} seats={chosen} onGiveUp={onGiveUp} />
      <button type="button" className="primary" disabled={chosen.length === 0} onClick={onBook}>
        {texts.book(chosen.length)}
      </button>
    </section>
  );
};
