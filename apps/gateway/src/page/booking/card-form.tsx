import { type FormEvent, useEffect } from 'react';
import type { BookingView, Receipt } from '../../schemas.ts';
import { CardChoice } from './cards.tsx';
import { Said } from './said.tsx';
import { useBookingTexts } from './texts.ts';
import { couriers, useSubmission } from './use-courier.ts';

const courierOf = couriers<{ readonly card: string }, Omit<Receipt, 'token'>>('card');

/** Gives a booking whose card was declined another one. Each decline is another form (a key). */
export const CardForm = ({ booking, token }: { booking: BookingView; token: string }) => {
  const texts = useBookingTexts();
  const { bookingId, total } = booking;
  const path = `/api/bookings/${bookingId}/card`;
  const courier = courierOf(bookingId, { path, token });
  const submission = useSubmission(courier);
  useEffect(() => courier.read(), [courier]);
  // Taken in is not yet tried: until the booking says so, no other card is given.
  const isUnderway = submission.at !== 'rest' && submission.at !== 'refused';
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const card = new FormData(event.currentTarget).get('card');
    if (typeof card === 'string' && !isUnderway) courier.press({ card });
  };
  return (
    <section className="panel" aria-labelledby="another-card">
      <h2 id="another-card">{texts.card.title}</h2>
      <form className="form" onSubmit={submit}>
        <CardChoice />
        <button className="primary press" aria-disabled={isUnderway}>
          {isUnderway ? texts.form.sending : texts.card.press(total)}
        </button>
      </form>
      <Said submission={submission} refused={texts.card.refused} />
    </section>
  );
};
