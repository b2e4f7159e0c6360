import type { Booking } from '@ensemble/start/box-office';
import { bad, good, type House } from '../e2e/house.ts';

/** A booking to whose traces a shape belongs, whatever the log is. */
export interface Story {
  readonly play: (house: House) => Promise<Booking>;
  /** As `shapeOf` has it. */
  readonly shape: string;
}

const ticketed = async (booking: Booking): Promise<Booking> => {
  await booking.ends('ticketed');
  await booking.hears('seat.sold');
  return booking;
};

export const golden = 'all goes well: one trace from the request to the mail';

/** By what happens in them. */
export const stories: Readonly<Record<string, Story>> = {
  [golden]: {
    play: async (house) => ticketed(await house.books('Ada', ['A-1'])),
    shape: `gateway: POST /api/bookings (server)
  gateway: create booking.requested (producer)
    seat: process booking.requested (consumer)
      seat: create seat.reserved (producer)
        payment: process seat.reserved (consumer)
          payment: do prepare (client)
            payment: do confirm (client)
              payment: create payment.received (producer)
                seat: process payment.received (consumer)
                  seat: create seat.sold (producer)
                ticket: process payment.received (consumer)
                  ticket: do issue (client)
                    ticket: create ticket.generated (producer)
                      notification: do mail (client)
                        notification: create notification.sent (producer)`,
  },

  'a seat is taken: one trace, refused and told': {
    play: async (house) => {
      await ticketed(await house.books('Zoe', ['A-2']));
      const booking = await house.books('Bob', ['A-2']);
      await booking.ends('refused');
      return booking;
    },
    shape: `gateway: POST /api/bookings (server)
  gateway: create booking.requested (producer)
    seat: process booking.requested (consumer)
      seat: create seat.refused (producer)
        notification: do mail (client)
          notification: create notification.sent (producer)`,
  },

  'the card is declined and another is given: a trace for each request of the customer': {
    play: async (house) => {
      const booking = await house.books('Cleo', ['A-3'], bad);
      await booking.becomes('declined');
      await booking.replaceCard(good);
      return ticketed(booking);
    },
    shape: `gateway: POST /api/bookings (server)
  gateway: create booking.requested (producer)
    seat: process booking.requested (consumer)
      seat: create seat.reserved (producer)
        payment: process seat.reserved (consumer)
          payment: do prepare (client)
            payment: do confirm (client)
              payment: create payment.declined (producer)
gateway: POST /api/bookings/:bookingId/card (server) ~ create booking.requested
  gateway: create booking.card-replaced (producer)
    payment: do confirm (client)
      payment: create payment.received (producer)
        seat: process payment.received (consumer)
          seat: create seat.sold (producer)
        ticket: process payment.received (consumer)
          ticket: do issue (client)
            ticket: create ticket.generated (producer)
              notification: do mail (client)
                notification: create notification.sent (producer)`,
  },

  'it is withdrawn after it is paid: the money back, the ticket revoked, the seat free': {
    play: async (house) => {
      const booking = await ticketed(await house.books('Dan', ['A-4']));
      await booking.withdraw();
      await booking.ends('refunded');
      await booking.hears('seat.released');
      return booking;
    },
    shape: `gateway: POST /api/bookings (server)
  gateway: create booking.requested (producer)
    seat: process booking.requested (consumer)
      seat: create seat.reserved (producer)
        payment: process seat.reserved (consumer)
          payment: do prepare (client)
            payment: do confirm (client)
              payment: create payment.received (producer)
                seat: process payment.received (consumer)
                  seat: create seat.sold (producer)
                ticket: process payment.received (consumer)
                  ticket: do issue (client)
                    ticket: create ticket.generated (producer)
                      notification: do mail (client)
                        notification: create notification.sent (producer)
gateway: POST /api/bookings/:bookingId/withdrawal (server) ~ create booking.requested
  gateway: create booking.withdrawn (producer)
    payment: process booking.withdrawn (consumer)
      payment: do refund (client)
        payment: create payment.refunded (producer)
          notification: do mail (client)
            notification: create notification.sent (producer)
          ticket: process payment.refunded (consumer)
            ticket: create ticket.revoked (producer)
              seat: process ticket.revoked (consumer)
                seat: create seat.released (producer)`,
  },
};
