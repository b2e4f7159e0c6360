import { type AnyEvent, type EventType, owners, readEvent } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';
import type { Charge } from '@ensemble/start/pretend-provider';
import type { ReadMail } from '@ensemble/testing/mail';

/** What a system leaves behind beside its log. */
export interface Traces {
  readonly charges: readonly Charge[];
  readonly mails: readonly ReadMail[];
  /** The ids of bookings that were answered with 202. */
  readonly accepted?: readonly string[];
}

/** What is found on the log about one booking. */
interface Story {
  readonly id: string;
  readonly events: readonly AnyEvent[];
  /** The final states that it has reached: one, if all is well. */
  readonly ends: readonly string[];
}

/**
 * Looks from outside at what a system at rest has left behind: its log, its provider's books, its
 * mails. It shares no code with the services.
 * @returns what is wrong, in words; nothing if all is well
 */
export const audit = (
  records: readonly LogRecord[],
  { charges, mails, accepted = [] }: Traces,
): string[] => {
  const ours = records.filter(({ topic }) => Object.hasOwn(owners, topic));
  const events = eventsOf(ours);
  const stories = storiesOf(events);
  const known = new Set(stories.map(({ id }) => id));
  const ofStories = stories.flatMap((story) =>
    [
      ...outcomeFaults(story),
      ...moneyFaults(story, chargesOf(charges, story)),
      ...mailFaults(story, mailsOf(mails, story)),
    ].map((fault) => `booking ${story.id} ${fault}`),
  );
  return [
    ...formFaults(ours),
    ...accepted.filter((id) => !known.has(id)).map((id) => `booking ${id} is lost`),
    ...ofStories,
    ...sequenceFaults(events),
    ...seatFaults(events, stories),
  ];
};

/** The events on the log, each once. */
const eventsOf = (records: readonly LogRecord[]): AnyEvent[] => {
  const events = new Map<string, AnyEvent>();
  for (const record of records) {
    const reading = readEvent(record);
    if (reading.kind === 'event') events.set(reading.event.id, reading.event);
  }
  return [...events.values()];
};

const storiesOf = (events: readonly AnyEvent[]): Story[] => {
  const ofBookings = events.filter(({ type }) => type !== 'section.opened');
  const byBooking = Map.groupBy(ofBookings, ({ correlationId }) => correlationId);
  return [...byBooking].map(([id, heard]) => ({ id, events: heard, ends: endsOf(heard) }));
};

const has = (events: readonly AnyEvent[], type: EventType): boolean =>
  events.some((event) => event.type === type);

const endsOf = (events: readonly AnyEvent[]): string[] => {
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

/** The same id always has the same bytes. */
const formFaults = (records: readonly LogRecord[]): string[] => {
  const forms = new Map<string, string>();
  return records.flatMap(({ topic, key, headers, value }) => {
    const id = headers['ce_id'] ?? '';
    const form = JSON.stringify([topic, key, headers, Buffer.from(value ?? []).toString()]);
    const known = forms.get(id) ?? form;
    forms.set(id, known);
    return known === form ? [] : [`event ${id} has two forms: ${known} and ${form}`];
  });
};

const often = new Set<EventType>([
  'booking.card-replaced',
  'payment.declined',
  'payment.refund-failed',
  'ticket.delayed',
  'notification.sent',
]);

/** Every booking reaches one final state, and nothing happens to it twice. */
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

const chargesOf = (charges: readonly Charge[], { id }: Story): readonly Charge[] =>
  charges.filter(({ metadata }) => metadata.bookingId === id);

/** Money in equals tickets out. */
const moneyFaults = ({ events, ends }: Story, charges: readonly Charge[]): string[] => {
  const held = charges.reduce((sum, each) => sum + each.amount_captured - each.amount_refunded, 0);
  const reserved = events.find((event) => event.type === 'seat.reserved');
  const worth = ends.includes('ticketed') ? (reserved?.data.total.amount ?? 0) : 0;
  return [
    ...(charges.length > 1 ? [`was charged ${charges.length} times`] : []),
    ...(held === worth ? [] : [`is worth ${worth}, but ${held} of its money is held`]),
  ];
};

const mailsOf = (mails: readonly ReadMail[], { id }: Story): readonly ReadMail[] =>
  mails.filter(({ parts }) => parts['text/plain']?.toString().includes(`Booking: ${id}`));

/**
 * The end is told, nothing is told twice. A mail on its way when it is withdrawn may go out all the
 * same, so there may be more mails than are said to be sent.
 */
const mailFaults = ({ events, ends }: Story, mails: readonly ReadMail[]): string[] => {
  const about = (type: 'notification.sent' | 'notification.failed'): string[] =>
    events.flatMap((event) => (event.type === type ? [event.data.about] : []));
  const told = about('notification.sent');
  const tried = new Set([...told, ...about('notification.failed')]);
  const byId = new Map(mails.map(({ headers }) => [headers['message-id'], headers['subject']]));
  const subjects = [...byId.values()];
  const wanted = ends.map((end) => (end === 'ticketed' ? 'ticket' : end));
  const untold = wanted.filter((what) => !tried.has(what));
  return [
    ...untold.map((what) => `was not told of ${what}`),
    ...(new Set(told).size === told.length ? [] : [`was told twice: ${told.join(', ')}`]),
    ...(subjects.length >= told.length ? [] : [`got ${subjects.length} of ${told.length} mails`]),
    ...(new Set(subjects).size === subjects.length ? [] : [`got twice: ${subjects.join(', ')}`]),
  ];
};

/** What a stream says to a topic is numbered 1, 2, 3, …, none missing. */
const sequenceFaults = (events: readonly AnyEvent[]): string[] => {
  const streamOf = ({ type, source, key, correlationId }: AnyEvent): string => {
    const noun = type.slice(0, type.indexOf('.'));
    return `${source} ${noun === 'seat' ? key : correlationId} ${noun}`;
  };
  return [...Map.groupBy(events, streamOf)].flatMap(([stream, said]) => {
    const numbers = said.map(({ sequence }) => sequence).sort((a, b) => a - b);
    const isWhole = numbers.every((number, index) => number === index + 1);
    return isWhole ? [] : [`${stream} is numbered ${numbers.join(', ')}`];
  });
};

/** No seat is had twice at one time; in the end those with a ticket have theirs, nobody else any. */
const seatFaults = (events: readonly AnyEvent[], stories: readonly Story[]): string[] => {
  const holders = new Map<string, string>();
  const faults: string[] = [];
  const take = (seat: string, id: string): void => {
    if (holders.has(seat)) faults.push(`seat ${seat} is ${holders.get(seat)}'s and ${id}'s`);
    holders.set(seat, id);
  };
  const mustBe = (seat: string, id: string): void => {
    if (holders.get(seat) !== id) faults.push(`seat ${seat} is not ${id}'s`);
  };
  for (const event of events.toSorted((a, b) => a.sequence - b.sequence)) {
    const { key, correlationId: id } = event;
    if (event.type === 'seat.reserved') {
      for (const { seat } of event.data.seats) take(`${key}/${seat}`, id);
    }
    if (event.type === 'seat.sold') {
      for (const seat of event.data.seats) mustBe(`${key}/${seat}`, id);
    }
    if (event.type === 'seat.released') {
      for (const seat of event.data.seats) {
        mustBe(`${key}/${seat}`, id);
        holders.delete(`${key}/${seat}`);
      }
    }
  }
  const ticketed = new Set(
    stories.filter(({ ends }) => ends.includes('ticketed')).map(({ id }) => id),
  );
  const holding = new Set(holders.values());
  return [
    ...faults,
    ...[...holding.difference(ticketed)].map((id) => `booking ${id} keeps seats without a ticket`),
    ...[...ticketed.difference(holding)].map((id) => `booking ${id} has a ticket without seats`),
  ];
};
