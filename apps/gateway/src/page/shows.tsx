import { Answer, Empty, Link, Title, useAnswer, useReading } from '@ensemble/ui';
import type { ShowsView } from '../schemas.ts';
import { addresses } from './addresses.ts';
import { useTexts } from './texts.ts';

/** What is on sale, the next first. */
export const Shows = () => {
  const texts = useTexts();
  const { formats } = useReading();
  const found = useAnswer<ShowsView>('/api/shows');
  return (
    <>
      <Title window={texts.window(texts.shows.title)}>{texts.shows.title}</Title>
      <Answer of={found}>
        {({ shows }) =>
          shows.length === 0 ? (
            <Empty>{texts.shows.none}</Empty>
          ) : (
            <ul className="shows">
              {shows.map(({ showId, title, venue, startsAt }) => (
                <li key={showId} className="panel">
                  <h2>
                    <Link to={addresses.show.to({ id: showId })}>{title}</Link>
                  </h2>
                  <p className="soft">
                    {venue} · {formats.appointment(Date.parse(startsAt))}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </>
  );
};
