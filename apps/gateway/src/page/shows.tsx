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
              {shows.map(({ showId, title, venue, startsAt, from }) => (
                <li key={showId}>
                  <Link className="panel show-card" to={addresses.show.to({ id: showId })}>
                    <h2>{title}</h2>
                    <span>{formats.appointment(Date.parse(startsAt))}</span>
                    <span className="soft">{venue}</span>
                    <span className="row apart">
                      <strong>{texts.shows.from(formats.money(from))}</strong>
                      <span className="go">{texts.shows.choose}</span>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </>
  );
};
