import { Dialog } from '@ensemble/ui';
import { useState } from 'react';
import type { BookingView, Receipt } from '../../schemas.ts';
import { Said } from './said.tsx';
import { useBookingTexts } from './texts.ts';
import { couriers, useSubmission } from './use-courier.ts';

const courierOf = couriers<object, Omit<Receipt, 'token'>>('withdrawal');

/** Ends a booking, after it was said what happens to the money. */
export const Withdrawal = ({ booking, token }: { booking: BookingView; token: string }) => {
  const { withdrawal, form } = useBookingTexts();
  const [isAsking, setAsking] = useState(false);
  const { bookingId, state, total } = booking;
  const path = `/api/bookings/${bookingId}/withdrawal`;
  const courier = courierOf(bookingId, { path, token });
  const submission = useSubmission(courier);
  const isUnderway = submission.at !== 'rest' && submission.at !== 'refused';
  const isPaid = state === 'paid' || state === 'ticketed';
  return (
    <div className="withdrawal">
      <button type="button" aria-disabled={isUnderway} onClick={() => setAsking(!isUnderway)}>
        {isUnderway ? form.sending : withdrawal.open}
      </button>
      <Said submission={submission} refused={withdrawal.refused} />
      {isAsking && (
        <Dialog title={withdrawal.title} onClose={() => setAsking(false)}>
          <p>{isPaid ? withdrawal.paid(total) : withdrawal.unpaid}</p>
          <div className="row">
            <button
              type="button"
              className="danger"
              onClick={() => {
                courier.press({});
                setAsking(false);
              }}
            >
              {withdrawal.press}
            </button>
            <button type="button" onClick={() => setAsking(false)}>
              {withdrawal.keep}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
};
