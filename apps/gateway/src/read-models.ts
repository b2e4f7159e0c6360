import type { ReadModel } from '@ensemble/choreography';
import { events, eventTypes } from '@ensemble/contracts';

/** All that happened to a booking; its document is the booking's id. */
export const bookingsModel: ReadModel = {
  name: 'bookings',
  hears: eventTypes.filter((type) => 'bookingId' in events[type].schema.shape),
  document: ({ correlationId }) => correlationId,
};

/** What makes up the map of a section; its document is `showId/section`. */
export const seatsModel: ReadModel = {
  name: 'seats',
  hears: ['section.opened', 'seat.reserved', 'seat.sold', 'seat.released'],
  document: ({ key }) => key,
};
