import { Answer, Title, useAnswer, useReading } from '@ensemble/ui';
import type { ShowView } from '../../schemas.ts';
import { useTexts } from '../texts.ts';

/** A show: where one sits, and what is free. */
export const Show = ({ id }: { id: string }) => {
  const texts = useTexts();
  const { formats } = useReading();
  const found = useAnswer<ShowView>(`/api/shows/${encodeURIComponent(id)}`);
  return (
    <Answer of={found}>
      {({ title, venue, startsAt, sections }) => (
        <>
          <Title window={texts.window(title)}>{title}</Title>
          <p className="soft">
            {venue} · {formats.appointment(Date.parse(startsAt))}
          </p>
          <ul>
            {sections.map(({ section, price }) => (
              <li key={section}>
                {section}, {formats.money(price)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Answer>
  );
};
