import { useMemo } from 'react';
import type { BookingView, Receipt } from '../../schemas.ts';
import { qrPath } from './qr.ts';
import { Said } from './said.tsx';
import { useBookingTexts } from './texts.ts';
import type { Told } from './told.ts';
import { couriers, useSubmission } from './use-courier.ts';

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

/** What can be done with tickets. */
const Actions = ({ links }: Pick<NonNullable<BookingView['ticket']>, 'links'>) => {
  const { tickets } = useBookingTexts();
  return (
    <>
      <a className="button" href={links.pdf} target="_blank" rel="noreferrer">
        {tickets.pdf}
      </a>
      <a className="button" href={links.calendar} rel="noreferrer">
        {tickets.calendar}
      </a>
      <button type="button" onClick={() => window.print()}>
        {tickets.print}
      </button>
    </>
  );
};

/**
 * The tickets: a code for each seat, to be shown from the screen, printed or kept. Their place is
 * kept while they are awaited, so that nothing moves when they come.
 */
export const Tickets = ({
  booking: { bookingId, seats, ticket },
  token,
  can,
}: {
  booking: BookingView;
  token: string;
  can: Told['can'];
}) => {
  const { tickets } = useBookingTexts();
  const codeOf = (seat: string): string | undefined =>
    ticket?.seats.find((each) => each.seat === seat)?.code;
  return (
    <section className="panel" aria-labelledby="tickets">
      <h2 id="tickets">{tickets.title}</h2>
      <ul className="tickets">
        {seats.map((seat) => (
          <Ticket key={seat} seat={seat} code={codeOf(seat)} />
        ))}
      </ul>
      <div className="row actions">
        {ticket && <Actions links={ticket.links} />}
        {can.copy && <Copy bookingId={bookingId} token={token} />}
      </div>
    </section>
  );
};

/** The ticket of a seat, or the place where it will be. */
const Ticket = ({ seat, code }: { seat: string; code: string | undefined }) => {
  const { tickets } = useBookingTexts();
  return (
    <li className={code === undefined ? 'ticket awaited' : 'ticket'}>
      <h3>{tickets.seat(seat)}</h3>
      {code === undefined ? (
        <p className="qr">{tickets.awaited}</p>
      ) : (
        <>
          <Qr code={code} label={tickets.code(seat)} />
          <details>
            <summary>{tickets.typed}</summary>
            <code>{code}</code>
          </details>
        </>
      )}
    </li>
  );
};
