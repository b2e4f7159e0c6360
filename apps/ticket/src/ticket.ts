import {
  type Command,
  type Decision,
  promise,
  reaction,
  say,
  service,
  toDo,
  type RunningOf,
  withdraw,
} from '@ensemble/choreography';
import type { DataOf } from '@ensemble/contracts';
import { ticketIdOf } from './code.ts';
import type { IssueArgs, Issued } from './issue.ts';

/** Signs the codes. Given up after a few tries only to say so: then it is tried for ever. */
const issue = toDo('issue')<IssueArgs, Issued>(
  { firstMs: 250, maxMs: 2_000, limit: 3 },
  { reaches: 'signing key' },
);
const pauseMs = 10_000;

type Order = Pick<
  DataOf<'booking.requested'>,
  'bookingId' | 'showId' | 'section' | 'show' | 'seats' | 'customer'
>;

/** Who was let in on a seat: when and where. */
export type Admitted = { seat: string } & Pick<DataOf<'ticket.admitted'>, 'at' | 'by'>;

/** What a door asks: to let in whoever comes with the ticket for these seats. */
export type Coming = Place & {
  seats: string[];
  /** The steward or gate. */
  by: string;
  /** When the door let them in, if it could not ask then; null if it asks before. */
  at: string | null;
};

/** A booking as `ticket` remembers it. */
export interface Stub {
  readonly order: Order | null;
  readonly paid: boolean;
  readonly refunded: boolean;
  readonly delayed: boolean;
  readonly issued: Issued | null;
  readonly admitted: readonly Admitted[];
}

const blank: Stub = {
  order: null,
  paid: false,
  refunded: false,
  delayed: false,
  issued: null,
  admitted: [],
};

type Place = Pick<Order, 'bookingId' | 'showId' | 'section'>;
const placeOf = ({ bookingId, showId, section }: Place): Place => ({ bookingId, showId, section });

/** Makes the ticket once the booking is known and paid for. */
const make = ({ order, paid, refunded }: Stub): readonly Decision<never>[] => {
  if (order === null || !paid || refunded) return [];
  const { show, seats } = order;
  return [issue({ ...placeOf(order), show, seats: [...seats] })];
};

/** Both facts are needed, in either order: money that never came gives no ticket to revoke. */
const revoke = (place: Place): readonly Decision<'ticket.revoked'>[] => [
  say('ticket.revoked', { ...placeOf(place), ticketId: ticketIdOf(place.bookingId) }),
  withdraw(issue),
];

/** Whether the ticket is made and still good: then it lets in. */
export const isValid = ({ issued, paid, refunded }: Stub): boolean =>
  issued !== null && !(paid && refunded);

/** Lets in on the seats on which nobody came yet. */
const admit = (
  stub: Stub,
  { seats, by, at, ...place }: Coming,
  now: number,
): readonly Decision<'ticket.admitted'>[] => {
  const free = seats.filter((seat) => !stub.admitted.some((each) => each.seat === seat));
  if (!isValid(stub) || free.length === 0) return [];
  const { bookingId } = place;
  const how = { by, at: at ?? new Date(now).toISOString(), offline: at !== null };
  return [
    say('ticket.admitted', {
      ...placeOf(place),
      ticketId: ticketIdOf(bookingId),
      seats: free,
      ...how,
    }),
  ];
};

/** Settles what doors ask. */
export type Submit = RunningOf<typeof ticket>['submit'];

/** Makes the ticket of a paid booking, lets in on it once, and revokes it when the money goes back. */
export const ticket = service(
  'ticket',
  { stream: 'booking', version: 2, initial: blank, does: [issue] },
  {
    evolve: {
      'booking.requested': (stub, { data }) => ({
        ...stub,
        order: {
          ...placeOf(data),
          show: data.show,
          seats: data.seats,
          customer: data.customer,
        },
      }),
      'payment.received': (stub) => ({ ...stub, paid: true }),
      'payment.refunded': (stub) => ({ ...stub, refunded: true }),
      'ticket.delayed': (stub) => ({ ...stub, delayed: true }),
      'ticket.generated': (stub, { data: { ticketId, code, seats, links } }) => ({
        ...stub,
        issued: { ticketId, code, seats, links },
      }),
      'ticket.admitted': (stub, { data: { seats, at, by } }) => ({
        ...stub,
        admitted: [...stub.admitted, ...seats.map((seat) => ({ seat, at, by }))],
      }),
    },
    on: {
      'booking.requested': reaction([], (stub) => make(stub)),
      'payment.received': reaction(['ticket.revoked'], (stub, { data }) =>
        stub.refunded ? revoke(data) : make(stub),
      ),
      'payment.refunded': reaction(
        ['ticket.revoked'],
        (stub, { data }) => (stub.paid ? revoke(data) : []),
        { withinMs: 5_000, given: ['payment.received'] },
      ),
    },
    came: {
      issue: reaction(['ticket.generated', 'ticket.delayed'], (stub, came, { at }) => {
        const { order } = stub;
        if (order === null || stub.refunded) return [];
        const place = placeOf(order);
        if (came.ok) return [say('ticket.generated', { ...place, ...came.result })];
        const again = issue(came.args, { at: at + pauseMs });
        if (stub.delayed) return [again];
        return [say('ticket.delayed', { ...place, reason: came.reason }), again];
      }),
    },
    commands: {
      admit: reaction(['ticket.admitted'], (stub, { data, time }: Command<Coming>) =>
        admit(stub, data, time),
      ),
    },
    promises: [
      promise('payment.received', {
        given: ['booking.requested'],
        oneOf: ['ticket.generated', 'ticket.delayed'],
        withinMs: 10_000,
        unless: ['payment.refunded'],
      }),
      promise('ticket.delayed', {
        oneOf: ['ticket.generated'],
        withinMs: 60_000,
        unless: ['payment.refunded'],
      }),
    ],
    once: { 'ticket.generated': [], 'ticket.delayed': [], 'ticket.revoked': [] },
    exclusive: [['ticket.generated', 'payment.failed']],
  },
);
