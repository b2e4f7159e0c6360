import { useAnswer, useReading } from '@ensemble/ui';
import type { BookingView, ShowsView } from '../../schemas.ts';
import { useBookingTexts } from './texts.ts';

/** What the booking is for. */
export const Facts = ({ booking }: { booking: BookingView }) => {
  const { facts } = useBookingTexts();
  const { formats } = useReading();
  const { bookingId, showId, section, seats, total } = booking;
  const { answer } = useAnswer<ShowsView>('/api/shows');
  const show = answer?.shows.find((each) => each.showId === showId);
  const rows = [
    // A place is kept for what is still asked for, so that nothing moves when it comes.
    [facts.show, show?.title ?? ' '],
    [facts.venue, show?.venue ?? ' '],
    [facts.starts, show ? formats.appointment(Date.parse(show.startsAt)) : ' '],
    [facts.section, section],
    [facts.seats, formats.list(seats)],
    ...(total === undefined ? [] : [[facts.total, formats.money(total)]]),
  ];
  return (
    <section className="panel" aria-labelledby="facts">
      <h2 id="facts">{facts.title}</h2>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{facts.reference}</dt>
          <dd>
            <code>{bookingId}</code>
          </dd>
        </div>
      </dl>
    </section>
  );
};
