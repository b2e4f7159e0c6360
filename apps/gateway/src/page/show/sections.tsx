import { Link, useReading } from '@ensemble/ui';
import { addresses } from '../addresses.ts';
import type { Section } from '../map/house.ts';
import { sectionName, useTexts } from '../texts.ts';

/** The sections of a show: what a seat costs there, and how many are free. */
export const Sections = ({
  showId,
  sections,
  here,
}: {
  showId: string;
  sections: readonly Section[];
  here: string;
}) => {
  const texts = useTexts().show;
  const { formats } = useReading();
  return (
    <nav aria-label={texts.sections}>
      <ul className="sections">
        {sections.map(({ section, price, free }) => (
          <li key={section}>
            <Link
              to={addresses.show.to({ id: showId }, { section })}
              aria-current={section === here ? 'true' : undefined}
            >
              <strong>{sectionName(section)}</strong>
              <span className="number">{formats.money(price)}</span>
              <span className="soft small">{free === 0 ? texts.soldOut : texts.free(free)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
};
