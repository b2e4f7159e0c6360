import type { z } from 'zod';
import * as booking from './booking.ts';
import type { EventName, OwnerOf } from './define.ts';
import * as notification from './notification.ts';
import * as payment from './payment.ts';
import * as seat from './seat.ts';
import * as section from './section.ts';
import * as ticket from './ticket.ts';

const all = [
  section.sectionOpened,
  booking.bookingRequested,
  booking.bookingWithdrawn,
  booking.bookingCardReplaced,
  booking.bookingCopyRequested,
  seat.seatReserved,
  seat.seatRefused,
  seat.seatSold,
  seat.seatReleased,
  payment.paymentReceived,
  payment.paymentDeclined,
  payment.paymentFailed,
  payment.paymentRefunded,
  payment.paymentRefundFailed,
  ticket.ticketGenerated,
  ticket.ticketDelayed,
  ticket.ticketRevoked,
  ticket.ticketAdmitted,
  notification.notificationSent,
  notification.notificationFailed,
] as const;

type Definition = (typeof all)[number];
/** The type of any event of the choreography. */
export type EventType = Definition['type'];
type DefinitionOf<Type extends EventType> = Extract<Definition, { type: Type }>;
/** What an event of this type says, as read. */
export type DataOf<Type extends EventType> = z.output<DefinitionOf<Type>['schema']>;
/** The events that a service owns, by the service's name. */
export type EventsOf<Service extends string> = {
  [Type in EventType]: OwnerOf<Type & EventName> extends Service ? Type : never;
}[EventType];

/** Every event, by type. */
export const events = Object.fromEntries(all.map((event) => [event.type, event])) as {
  readonly [Type in EventType]: DefinitionOf<Type>;
};

/** Every type of event, in the order of the flow. */
export const eventTypes: readonly EventType[] = all.map(({ type }) => type);

/** Whether a string names an event of this version of the contracts. */
export const isEventType = (type: string): type is EventType => Object.hasOwn(events, type);
