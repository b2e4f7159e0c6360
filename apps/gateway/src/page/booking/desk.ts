import type { BookingRequest, Receipt } from '../../schemas.ts';
import { windowCourier } from './use-courier.ts';

/** Carries requests for seats. There is one, so that nothing is booked twice from one window. */
export const desk = windowCourier<BookingRequest, Receipt>('booking', { path: '/api/bookings' });

/** Who books, and how it is paid: kept in this window, so that it need not be typed again. */
export type Payer = Pick<BookingRequest, 'customer' | 'card'>;

const kept = 'ensemble.payer';

const keptOf = 'ensemble.payer.of';
// Which booking it was is known when the desk has its answer.
desk.subscribe(() => {
  const submission = desk.state();
  if (submission.at === 'answered') {
    sessionStorage.setItem(keptOf, submission.answer.bookingId);
  }
});

/** Who booked this one, if it was the last of this window: others may be somebody else's. */
export const payerOf = (bookingId: string): Payer | undefined =>
  sessionStorage.getItem(keptOf) === bookingId ? lastPayer() : undefined;

/** Who booked last in this window; undefined if nobody did. */
export const lastPayer = (): Payer | undefined => {
  const found = sessionStorage.getItem(kept);
  return found === null ? undefined : JSON.parse(found);
};

/** Asks for seats; the answer comes to the desk. */
export const book = (request: BookingRequest): void => {
  const payer: Payer = { customer: request.customer, card: request.card };
  sessionStorage.setItem(kept, JSON.stringify(payer));
  desk.press(request);
};
