import {
  Badge,
  Empty,
  Link,
  Title,
  Trouble,
  useAddress,
  useReading,
  useStream,
} from '@ensemble/ui';
import type { ShowMapView } from '../../schemas.ts';
import { addresses } from '../addresses.ts';
import { useTexts } from '../texts.ts';
import { Choose } from './choose.tsx';
import { Sections } from './sections.tsx';

const Seats = ({ show }: { show: ShowMapView }) => {
  const { query } = useAddress();
  const { sections, showId } = show;
  const named = sections.find(({ section }) => section === query.get('section'));
  const section = named ?? sections.find(({ free }) => free > 0) ?? sections[0];
  if (section === undefined) return null;
  const isBooking = query.get('step') === 'book';
  return (
    <>
      {!isBooking && <Sections showId={showId} sections={sections} here={section.section} />}
      <Choose key={section.section} show={show} section={section} />
    </>
  );
};

/** A show: where one sits, and what is free at this moment. */
export const Show = ({ id }: { id: string }) => {
  const texts = useTexts();
  const { formats } = useReading();
  const { view, state, why } = useStream<ShowMapView>(
    `/api/shows/${encodeURIComponent(id)}/map/live`,
  );
  if (why?.code === 'unknown-show') {
    return (
      <>
        <Title window={texts.window(texts.show.unknown)}>{texts.show.unknown}</Title>
        <Empty>
          <Link to={addresses.shows.to({})}>{texts.show.others}</Link>
        </Empty>
      </>
    );
  }
  if (view === undefined) {
    return why ? (
      <Trouble refused={why} />
    ) : (
      <p className="empty" aria-busy="true">
        {texts.show.coming}
      </p>
    );
  }
  return (
    <>
      <header className="show-head">
        <Title window={texts.window(view.title)}>{view.title}</Title>
        <p className="soft">
          {view.venue} · {formats.appointment(Date.parse(view.startsAt))}
        </p>
        <p className="live">
          {state === 'lost' ? (
            <Badge tone="warning">{texts.show.notLive}</Badge>
          ) : (
            <Badge tone="good">{texts.show.live}</Badge>
          )}
        </p>
      </header>
      <Seats show={view} />
    </>
  );
};
