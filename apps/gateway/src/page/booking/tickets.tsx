import { useMemo } from 'react';
import type { BookingView, Receipt } from '../../schemas.ts';
import { qrPath } from './qr.ts';
import { Said } from './said.tsx';
import { useBookingTexts } from './texts.ts';
import type { Told } from './told.ts';
import { couriers, useSubmission } from './use-courier.ts';

type Ticket = NonNullable<BookingView['ticket']>;
const courierOf = couriers<object, Omit<Receipt, 'token'>>('copy');

const Qr = ({ code, label }: { code: string; label: string }) => {
  const { size, path } = useMemo(() => qrPath(code), [code]);
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} className="light" />
      <path d={path} className="dark" />
    </svg>
  );
};

/** Has the mail with the tickets sent once more. */
const Copy = ({ bookingId, token }: { bookingId: string; token: string }) => {
  const { tickets, form } = useBookingTexts();
  const courier = courierOf(bookingId, { path: `/api/bookings/${bookingId}/copy`, token });
  const submission = useSubmission(courier);
  const isUnderway = submission.at === 'sending' || submission.at === 'waiting';
  return (
    <>
      <button type="button" aria-disabled={isUnderway} onClick={() => courier.press({})}>
        {isUnderway ? form.sending : tickets.copy}
      </button>
      <Said submission={submission} refused={tickets.notCopied} answered={tickets.copied} />
    </>
  );
};

/** The tickets: a code for each seat, to be shown from the screen, printed or kept. */
export const Tickets = ({
  booking: { bookingId },
  ticket: { seats, links },
  token,
  can,
}: {
  booking: BookingView;
  ticket: Ticket;
  token: string;
  can: Told['can'];
}) => {
  const { tickets } = useBookingTexts();
  return (
    <section className="panel" aria-labelledby="tickets">
      <h2 id="tickets">{tickets.title}</h2>
      <ul className="tickets">
        {seats.map(({ seat, code }) => (
          <li key={seat} className="ticket">
            <h3>{tickets.seat(seat)}</h3>
            <Qr code={code} label={tickets.code(seat)} />
            <details>
              <summary>{tickets.typed}</summary>
              <code>{code}</code>
            </details>
          </li>
        ))}
      </ul>
      <div className="row actions">
        <a className="button" href={links.pdf} target="_blank" rel="noreferrer">
          {tickets.pdf}
        </a>
        <a className="button" href={links.calendar} rel="noreferrer">
          {tickets.calendar}
        </a>
        <button type="button" onClick={() => window.print()}>
          {tickets.print}
        </button>
        {can.copy && <Copy bookingId={bookingId} token={token} />}
      </div>
    </section>
  );
};
