import { useReading } from '@ensemble/ui';
import type { BookingView } from '../../schemas.ts';
import { sectionName } from '../texts.ts';
import { useBookingTexts } from './texts.ts';
import type { ListedShow } from './use-show.ts';

/** The show and the seats of a booking, or what they are called by while the show is asked for. */
interface Of {
  readonly booking: BookingView;
  readonly show: ListedShow | undefined;
}

/** What the booking is for, in a line. */
export const ShowLine = ({ booking: { section, seats }, show }: Of) => {
  const { formats } = useReading();
  const words = [
    show?.title ?? '…',
    show && formats.appointment(Date.parse(show.startsAt)),
    sectionName(section),
    formats.list(seats),
  ];
  return <p className="soft">{words.filter(Boolean).join(' · ')}</p>;
};

/** What the booking is for. */
export const Facts = ({ booking, show }: Of) => {
  const { facts } = useBookingTexts();
  const { formats } = useReading();
  const { bookingId, section, seats, total } = booking;
  const rows = [
    // A place is kept for what is still asked for, so that nothing moves when it comes.
    [facts.show, show?.title ?? ' '],
    [facts.venue, show?.venue ?? ' '],
    [facts.starts, show ? formats.appointment(Date.parse(show.startsAt)) : ' '],
    [facts.section, sectionName(section)],
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
