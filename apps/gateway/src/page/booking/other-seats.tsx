import { Link } from '@ensemble/ui';
import type { BookingView } from '../../schemas.ts';
import { mapOf } from '../addresses.ts';
import { book, desk, payerOf } from './desk.ts';
import { useBookingTexts } from './texts.ts';
import { useSubmission } from './use-courier.ts';

type Place = Pick<BookingView, 'bookingId' | 'showId' | 'section'>;

/** Seats that are proposed: booked with one press where it is known who books, else to be seen. */
const Proposal = ({ place, seats }: { place: Place; seats: readonly string[] }) => {
  const texts = useBookingTexts();
  const submission = useSubmission(desk);
  const payer = payerOf(place.bookingId);
  if (payer === undefined) {
    return (
      <Link className="button" to={mapOf(place, seats)}>
        {texts.seats.see(seats)}
      </Link>
    );
  }
  const { showId, section } = place;
  return (
    <button
      type="button"
      aria-disabled={submission.at === 'sending' || submission.at === 'waiting'}
      onClick={() => book({ showId, section, seats: [...seats], ...payer })}
    >
      {texts.seats.take(seats)}
    </button>
  );
};

/** What to do when the seats could not be had: others, the rest of the choice, or the same again. */
export const OtherSeats = ({ booking }: { booking: BookingView }) => {
  const texts = useBookingTexts();
  const { state, seats, taken = [], alternatives = [] } = booking;
  const rest = seats.filter((seat) => !taken.includes(seat));
  const isRefused = state === 'refused';
  return (
    <section className="panel" aria-labelledby="other-seats">
      <h2 id="other-seats">
        {alternatives.length > 0 ? texts.seats.alternatives : texts.seats.title}
      </h2>
      {isRefused && alternatives.length === 0 && <p>{texts.seats.none}</p>}
      {alternatives.length > 0 && (
        <>
          <ul className="proposals">
            {alternatives.map((each) => (
              <li key={each.join()}>
                <Proposal place={booking} seats={each} />
              </li>
            ))}
          </ul>
          {payerOf(booking.bookingId) !== undefined && <p className="hint">{texts.seats.note}</p>}
        </>
      )}
      <p>
        {isRefused ? (
          <Link className="button" to={mapOf(booking, rest)}>
            {rest.length > 0 ? texts.seats.keep(rest) : texts.seats.others}
          </Link>
        ) : (
          <Link className="button" to={mapOf(booking, seats)}>
            {texts.seats.again}
          </Link>
        )}
      </p>
    </section>
  );
};
