import { Announcer, Empty, Title, useNow, useStream } from '@ensemble/ui';
import { useEffect } from 'react';
import type { BookingView } from '../../schemas.ts';
import { useTexts } from '../texts.ts';
import { CardForm } from './card-form.tsx';
import { Facts, ShowLine } from './facts.tsx';
import { Hold } from './hold.tsx';
import { KeepLink } from './keep-link.tsx';
import { OtherSeats } from './other-seats.tsx';
import { Steps } from './steps.tsx';
import { useBookingTexts } from './texts.ts';
import { Tickets } from './tickets.tsx';
import { type Headline, type Told, toldOf } from './told.ts';
import { useShow } from './use-show.ts';
import { type Token, useToken } from './use-token.ts';
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

const timesOf = ({ history }: BookingView, type: string): number =>
  history.filter((entry) => entry.type === type).length;

/** What can be done about the booking now, the most pressing first. */
const Next = ({ booking, told, token }: { booking: BookingView; told: Told; token: string }) => (
  <>
    {told.can.giveCard && (
      <CardForm key={timesOf(booking, 'payment.declined')} booking={booking} token={token} />
    )}
    {(booking.state === 'refused' ||
      booking.state === 'failed' ||
      booking.state === 'refunded') && <OtherSeats booking={booking} />}
    {(booking.ticket || told.awaitsTicket) && (
      <Tickets booking={booking} token={token} can={told.can} />
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
  const show = useShow(booking.showId);
  const now = useNow() + aheadMs;
  const told = toldOf(booking, now);
  const headline = texts.headlines[told.headline];
  const lead = texts.leads[told.headline](booking);
  const isHeld = told.can.giveCard || told.headline === 'paying';
  return (
    <div className="booking">
      <Announcer says={`${headline}. ${lead}`} />
      <header className={`panel verdict ${tones[told.headline] ?? 'notice'}`}>
        <ShowLine show={show} booking={booking} />
        <Title window={name(headline)}>{headline}</Title>
        <p>{lead}</p>
        {isHeld && booking.heldUntil && <Hold until={Date.parse(booking.heldUntil)} now={now} />}
        <p className="lost" role="status">
          {isLost && texts.lost}
        </p>
      </header>
      <div className={`booking-columns${told.awaitsTicket ? ' awaiting' : ''}`}>
        <div className="booking-main">
          <Next booking={booking} told={told} token={token} />
        </div>
        <div className="booking-aside">
          <Steps steps={told.steps} now={now} />
          <Facts booking={booking} show={show} />
          <KeepLink bookingId={booking.bookingId} token={token} />
          {told.can.withdraw && <Withdrawal booking={booking} token={token} />}
        </div>
      </div>
    </div>
  );
};

/** The booking that a token opens, if it does. */
const Followed = ({ id, token, isGood, isNone }: Token & { id: string; token: string }) => {
  const texts = useTexts();
  const { loading } = useBookingTexts();
  const path = `/api/bookings/${encodeURIComponent(id)}/live`;
  const { view: booking, state, why, aheadMs } = useStream<BookingView>(path, { token });
  const isOpen = booking !== undefined;
  const isUnknown = why?.code === 'unknown-booking';
  useEffect(() => {
    if (isOpen) isGood();
  }, [isOpen, isGood]);
  useEffect(() => {
    if (isUnknown) isNone();
  }, [isUnknown, isNone]);
  if (isUnknown) return <NotYours />;
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

/** A booking: what has happened, what is awaited, and what can be done about it. */
export const BookingPage = ({ id }: { id: string }) => {
  const { token, ...known } = useToken(id);
  if (token === undefined) return <NotYours />;
  return <Followed key={token} id={id} token={token} {...known} />;
};

const LostWords = () => useBookingTexts().lost;
