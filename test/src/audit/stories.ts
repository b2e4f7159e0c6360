import type { Evidence, Finding, RawCharge } from './evidence.ts';
import type { Said } from './said.ts';

/** What is found on the log about one booking. */
export interface Story {
  readonly id: string;
  readonly events: readonly Said[];
  /** The final states that it has reached: one, if all is well. */
  readonly ends: readonly string[];
}

/** What the log tells, by booking. */
export const storiesOf = (events: readonly Said[]): Story[] => {
  const ofBookings = events.filter(({ type }) => type !== 'section.opened');
  const byBooking = Map.groupBy(ofBookings, ({ about }) => about);
  return [...byBooking].map(([id, heard]) => ({ id, events: heard, ends: endsOf(heard) }));
};

/** Whether an event of this type is among these. */
export const has = (events: readonly Said[], type: string): boolean =>
  events.some((event) => event.type === type);

const endsOf = (events: readonly Said[]): string[] => {
  // After a failure a refund is bookkeeping.
  const isRefunded = has(events, 'payment.refunded') && !has(events, 'payment.failed');
  const ends = {
    refused: has(events, 'seat.refused'),
    failed: has(events, 'payment.failed'),
    refunded: isRefunded && has(events, 'ticket.revoked'),
    ticketed: has(events, 'ticket.generated') && !isRefunded,
  };
  return Object.entries(ends).flatMap(([state, holds]) => (holds ? [state] : []));
};

/** What may be said of a booking more than once. */
const often = new Set([
  'booking.card-replaced',
  'booking.copy-requested',
  'payment.declined',
  'payment.refund-failed',
  'ticket.delayed',
  'ticket.admitted',
  'notification.sent',
  'notification.failed',
]);

const outcomeFaults = ({ events, ends }: Story): string[] => {
  const types = events.map(({ type }) => type).filter((type) => !often.has(type));
  const twice = types.filter((type, index) => types.indexOf(type) < index);
  return [
    ...twice.map((type) => `has ${type} twice`),
    ...(ends.length === 1 ? [] : [`has ${ends.length} ends: ${ends.join(', ')}`]),
    ...(has(events, 'booking.requested') ? [] : ['was never requested']),
    ...(has(events, 'payment.received') && has(events, 'payment.failed')
      ? ['paid, and failed']
      : []),
    ...(has(events, 'booking.withdrawn') && ends.includes('ticketed') ? ['withdrawn in vain'] : []),
  ];
};

/** Every booking reaches one final state, and nothing happens to it twice. */
export const outcomes = (stories: readonly Story[]): Finding => {
  const counts = Map.groupBy(stories, ({ ends }) => ends.join(' and ') || 'open');
  const told = [...counts].map(([end, those]) => `${those.length} ${end}`).toSorted();
  return {
    what: `bookings at their end${told.length === 0 ? '' : ` (${told.join(', ')})`}`,
    count: stories.length,
    violations: stories.flatMap((story) => of(story, outcomeFaults(story))),
  };
};

/** Money in equals tickets out, and nobody is charged twice. */
export const money = (stories: readonly Story[], { charges }: Evidence): Finding => {
  const byBooking = Map.groupBy(charges, ({ metadata }) => metadata.bookingId ?? 'nobody');
  const known = new Set(stories.map(({ id }) => id));
  const strange = [...byBooking.keys()].filter((id) => !known.has(id));
  return {
    what: 'charges',
    count: charges.length,
    violations: [
      ...strange.map((id) => `booking ${id} was charged, and is not on the log`),
      ...stories.flatMap((story) => of(story, moneyFaults(story, byBooking.get(story.id) ?? []))),
    ],
  };
};

const moneyFaults = ({ events, ends }: Story, charges: readonly RawCharge[]): string[] => {
  const held = charges.reduce((sum, each) => sum + each.amount_captured - each.amount_refunded, 0);
  const reserved = events.find(({ type }) => type === 'seat.reserved');
  const worth = ends.includes('ticketed') ? (reserved?.data.total?.amount ?? 0) : 0;
  return [
    ...(charges.length > 1 ? [`was charged ${charges.length} times`] : []),
    ...(held === worth ? [] : [`is worth ${worth}, but ${held} of its money is held`]),
  ];
};

/** What was accepted is there, and a repeated request is not a second booking. */
export const acceptance = (stories: readonly Story[], { accepted = [] }: Evidence): Finding => {
  const known = new Set(stories.map(({ id }) => id));
  const byKey = Map.groupBy(accepted, ({ key }) => key);
  const byBooking = Map.groupBy(accepted, ({ bookingId }) => bookingId);
  const ids = (those: readonly { bookingId: string }[]): string[] => [
    ...new Set(those.map(({ bookingId }) => bookingId)),
  ];
  return {
    what: 'requests accepted',
    count: byKey.size,
    violations: [
      ...ids(accepted)
        .filter((id) => !known.has(id))
        .map((id) => `booking ${id} is lost`),
      ...[...byKey]
        .filter(([, those]) => ids(those).length > 1)
        .map(([key, those]) => `request ${key} became the bookings ${ids(those).join(' and ')}`),
      ...[...byBooking]
        .filter(([, those]) => new Set(those.map(({ key }) => key)).size > 1)
        .map(([id]) => `booking ${id} stands for several requests`),
    ],
  };
};

/** The faults of a booking, with its name. */
export const of = ({ id }: Story, faults: readonly string[]): string[] =>
  faults.map((fault) => `booking ${id} ${fault}`);
