import { Announcer, Empty, Title, useNow } from '@ensemble/ui';
import type { BookingView } from '../../schemas.ts';
import { useTexts } from '../texts.ts';
import { CardForm } from './card-form.tsx';
import { Facts } from './facts.tsx';
import { Hold } from './hold.tsx';
import { KeepLink } from './keep-link.tsx';
import { OtherSeats } from './other-seats.tsx';
import { Steps } from './steps.tsx';
import { useBookingTexts } from './texts.ts';
import { Tickets } from './tickets.tsx';
import { type Headline, type Told, toldOf } from './told.ts';
import { useBooking } from './use-booking.ts';
import { useToken } from './use-token.ts';
import { Withdrawal } from './withdrawal.tsx';

const tones: Partial<Record<Headline, string>> = {
  paid: 'good',
  delayed: 'good',
  ticketed: 'good',
  declined: 'warning',
  'time-up': 'warning',
  'paying-late': 'warning',
  owed: 'warning',
  refused: 'bad',
  'failed-declined': 'bad',
  'failed-away': 'bad',
};

const NotYours = () => {
  const { notYours } = useBookingTexts();
  const { window: name } = useTexts();
  return (
    <>
      <Title window={name(notYours.title)}>{notYours.title}</Title>
      <Empty>{notYours.says}</Empty>
    </>
  );
};

/** What can be done about the booking now, the most pressing first. */
const Next = ({ booking, told, token }: { booking: BookingView; told: Told; token: string }) => (
  <>
    {told.can.giveCard && <CardForm booking={booking} token={token} />}
    {(booking.state === 'refused' ||
      booking.state === 'failed' ||
      booking.state === 'refunded') && <OtherSeats booking={booking} />}
    {booking.ticket && (
      <Tickets booking={booking} ticket={booking.ticket} token={token} can={told.can} />
    )}
  </>
);

const Shown = ({
  booking,
  token,
  aheadMs,
  isLost,
}: {
  booking: BookingView;
  token: string;
  aheadMs: number;
  isLost: boolean;
}) => {
  const texts = useBookingTexts();
  const { window: name } = useTexts();
  const now = useNow() + aheadMs;
  const told = toldOf(booking, now);
  const headline = texts.headlines[told.headline];
  const lead = texts.leads[told.headline](booking);
  const isHeld = told.can.giveCard || told.headline === 'paying';
  return (
    <div className="booking">
      <Announcer says={`${headline}. ${lead}`} />
      <header className={`panel verdict ${tones[told.headline] ?? 'notice'}`}>
        <Title window={name(headline)}>{headline}</Title>
        <p>{lead}</p>
        {isHeld && booking.heldUntil && <Hold until={Date.parse(booking.heldUntil)} now={now} />}
        <p className="lost" role="status">
          {isLost && texts.lost}
        </p>
      </header>
      <div className="booking-columns">
        <div className="booking-main">
          <Next booking={booking} told={told} token={token} />
          <Steps steps={told.steps} now={now} />
        </div>
        <div className="booking-aside">
          <Facts booking={booking} />
          <KeepLink bookingId={booking.bookingId} token={token} />
          {told.can.withdraw && <Withdrawal booking={booking} token={token} />}
        </div>
      </div>
    </div>
  );
};

/** A booking: what has happened, what is awaited, and what can be done about it. */
export const BookingPage = ({ id }: { id: string }) => {
  const texts = useTexts();
  const { loading } = useBookingTexts();
  const token = useToken(id);
  const { booking, state, isUnknown, aheadMs } = useBooking(id, token);
  if (isUnknown || token === undefined) return <NotYours />;
  if (booking !== undefined) {
    const isLost = state === 'lost';
    return <Shown booking={booking} token={token} aheadMs={aheadMs} isLost={isLost} />;
  }
  return (
    <>
      <Title window={texts.window(texts.booking.title)}>{texts.booking.title}</Title>
      <Empty>{state === 'lost' ? <LostWords /> : loading}</Empty>
    </>
  );
};

const LostWords = () => useBookingTexts().lost;
