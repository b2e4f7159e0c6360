import type { Service } from '@ensemble/choreography';
import { type AnyEvent, events, eventTypes, isEventType, readEvent } from '@ensemble/contracts';
import type { NewRecord } from '@ensemble/log';
import type { Commit } from '@ensemble/store';
import { isGarbage, type Player, type Stage, type Watch } from '@ensemble/testing/stage';
import type { Cast, Mail } from './cast.ts';
import { type Customers, price } from './customers.ts';
import type { Books } from './pretend-bank.ts';

/** What must always hold (design.md, 7), in short. */
export const invariants = {
  seats: 'a seat is never held or sold twice at one time, and never has two valid tickets',
  money: 'every captured charge has a valid ticket or a refund, and no booking is charged twice',
  final: 'every accepted request reaches exactly one final state',
  requests: 'an acknowledged request is never lost, a repeated one is not a second booking',
  events: 'every event is valid, owned, caused, in order, and has the same bytes each time',
  inputs: 'an input is acknowledged only when it is decided, parked or dead',
  replay: 'rebuilt read models equal those kept up, and a replay changes nothing',
} as const;
export type Invariant = keyof typeof invariants;

/** An invariant does not hold. */
export class Violation extends Error {
  readonly code = 'violation';
  override readonly name = 'Violation';
  readonly invariant: Invariant;
  constructor(invariant: Invariant, found: string) {
    super(`${invariants[invariant]}, but ${found}`);
    this.invariant = invariant;
  }
}

/** Checks what can be seen from outside: the log, the stores, the provider's books, the mailbox. */
export interface Referee extends Watch {
  /** Something is about to be done to the world. */
  tried(service: string, name: string, args: unknown): void;
  /** Money of a booking moved. */
  charged(bookingId: string): void;
  /** What must hold at every moment, and takes too long to be looked at after every step. */
  checkAcknowledged(): void;
  /** What must hold when everything has come to rest. */
  checkAtRest(): void;
  /** What the world looks like; two that are equal are the same. */
  picture(): string;
  /** The bookings of which anything was published. */
  bookings(): string[];
  /** The events of a booking that were published, by id. */
  published(bookingId: string): string[];
}

type Of<Type extends AnyEvent['type']> = Extract<AnyEvent, { type: Type }>;
const isA = <Type extends AnyEvent['type']>(event: AnyEvent, type: Type): event is Of<Type> =>
  event.type === type;

/** An event on record: what was committed, and by whom. */
interface Recorded {
  readonly service: string;
  readonly stream: string;
  readonly version: number;
  readonly bytes: string;
  published: boolean;
}

const bytesOf = ({ topic, key, value, headers }: NewRecord): string => {
  const body = value === null ? '' : Buffer.from(value).toString();
  return [topic, key, body, ...Object.entries(headers).flat()].join('\n');
};
const short = (id: string): string => id.slice(0, 8);

/** The referee of one play. */
export const referee = ({
  stage,
  books,
  mails,
  customers,
  services,
  areClocksSkewed,
}: {
  stage: () => Stage<Cast>;
  books: () => Books;
  mails: readonly Mail[];
  customers: () => Customers;
  services: readonly Service[];
  /** Then nobody can tell from outside what was in time. */
  areClocksSkewed: () => boolean;
}): Referee => {
  const recorded = new Map<string, Recorded>();
  /** By service, the to-dos that are on record. */
  const toDos = new Map<string, Set<string>>();
  /** What was named to be done to the world. */
  const acts = new Set<string>();
  /** By service and stream, its commits as they were first seen. */
  const commits = new Map<string, Commit[]>();
  const sequences = new Map<string, number>();
  const holders = new Map<string, { bookingId: string; isSold: boolean }>();
  const tickets = new Map<string, string>();
  const stories = new Map<string, AnyEvent[]>();
  const dead: string[] = [];
  const publishedAt = new Map<string, number>();

  const toDosOf = (service: string): Set<string> => {
    const known = toDos.get(service) ?? new Set();
    toDos.set(service, known);
    return known;
  };

  const record = (service: string, { stream, version, says, does }: Commit): void => {
    for (const { topic, key, value, headers } of says) {
      const id = headers['ce_id'] ?? '';
      const bytes = bytesOf({ topic, key, value: Buffer.from(value), headers });
      recorded.set(id, { service, stream, version, bytes, published: false });
    }
    for (const { id, name, args } of does) {
      toDosOf(service).add(id);
      acts.add(`${service} ${name} ${JSON.stringify(args)}`);
    }
  };

  /** What is stored of a stream is what was inserted. */
  const checkStream = (service: string, stream: string, known: readonly Commit[]): void => {
    const texts = stage().store(service).commits.get(stream) ?? [];
    for (const [index, text] of texts.entries()) {
      if (text === JSON.stringify(known[index])) continue;
      throw new Violation(
        'events',
        `commit ${index + 1} of ${service} ${stream} is not what it was`,
      );
    }
  };

  const isKnown = (cause: string, service: string): boolean =>
    recorded.get(cause)?.published === true ||
    toDosOf(service).has(cause) ||
    customers().asked.has(cause);

  const appendedOne = (message: NewRecord, by: Player): void => {
    if (isGarbage(message)) return;
    if (message.topic.endsWith('.dead')) {
      dead.push(
        `${message.headers['ce_type']} in ${message.topic}: ${message.headers['x-dlq-reason']}`,
      );
    }
    const id = message.headers['ce_id'];
    if (id === undefined || message.topic.includes('.')) return;
    const type = message.headers['ce_type'];
    const known = recorded.get(id);
    if (known === undefined) {
      throw new Violation('events', `${type} ${short(id)} was published and is in no commit`);
    }
    if (known.bytes !== bytesOf(message)) {
      throw new Violation('events', `${type} ${short(id)} was published with other bytes`);
    }
    if (known.service !== by.service) {
      throw new Violation('events', `${type} of ${known.service} was published by ${by.service}`);
    }
    if (known.published) return;
    known.published = true;
    publishedAt.set(id, stage().world.now());
    const reading = readEvent({ ...message, timestamp: Infinity });
    if (reading.kind !== 'event') throw new Violation('events', `${type} cannot be read`);
    first(reading.event, known);
  };

  /** An event is published for the first time. */
  const first = (event: AnyEvent, { service, stream }: Recorded): void => {
    const { type, id, causationId, sequence } = event;
    if (!isKnown(causationId, service)) {
      throw new Violation(
        'events',
        `${type} ${short(id)} was caused by ${short(causationId)}, unknown`,
      );
    }
    const { noun } = events[type];
    const place = `${stream} to ${noun}`;
    const before = sequences.get(place) ?? 0;
    if (sequence !== before + 1) {
      throw new Violation('events', `after number ${before} of ${place} came number ${sequence}`);
    }
    sequences.set(place, sequence);
    if ('bookingId' in event.data) {
      const story = stories.get(event.correlationId) ?? [];
      stories.set(event.correlationId, [...story, event]);
    }
    take(event);
  };

  const take = (event: AnyEvent): void => {
    const { correlationId: bookingId, key } = event;
    const hold = (seats: readonly string[], isSold: boolean): void => {
      for (const each of seats) {
        const seat = `${key}/${each}`;
        const holder = holders.get(seat);
        const mayBe = isSold ? holder?.bookingId === bookingId : holder === undefined;
        if (!mayBe) {
          throw new Violation(
            'seats',
            `${seat} goes to ${short(bookingId)} while ${short(holder?.bookingId ?? 'nobody')} has it`,
          );
        }
        holders.set(seat, { bookingId, isSold });
      }
    };
    if (isA(event, 'seat.reserved'))
      hold(
        event.data.seats.map(({ seat }) => seat),
        false,
      );
    if (isA(event, 'seat.sold')) hold(event.data.seats, true);
    if (isA(event, 'seat.released')) {
      for (const each of event.data.seats) holders.delete(`${key}/${each}`);
    }
    if (isA(event, 'ticket.generated')) {
      for (const { seat: each } of event.data.seats) {
        const seat = `${key}/${each}`;
        const other = tickets.get(seat);
        if (other !== undefined) {
          throw new Violation(
            'seats',
            `${seat} has a ticket of ${short(other)} and of ${short(bookingId)}`,
          );
        }
        tickets.set(seat, bookingId);
      }
    }
    if (isA(event, 'ticket.revoked')) {
      for (const [seat, holder] of tickets) if (holder === bookingId) tickets.delete(seat);
    }
  };

  const netOf = (bookingId: string): { charged: number; left: number; total: number } => {
    const own = [...books().intents.values()].filter((intent) => intent.bookingId === bookingId);
    const charged = own.filter(({ status }) => status === 'succeeded');
    const ids = new Set(own.map(({ id }) => id));
    const back = books().refunds.filter(
      ({ intent, status }) => ids.has(intent) && status === 'succeeded',
    );
    const sum = (all: readonly { amount: number }[]): number =>
      all.reduce((total, { amount }) => total + amount, 0);
    return {
      charged: charged.length,
      left: sum(charged) - sum(back),
      total: own[0]?.amount ?? 0,
    };
  };

  const charged = (bookingId: string): void => {
    const { left, total } = netOf(bookingId);
    if (left > total) {
      throw new Violation('money', `${short(bookingId)} has paid ${left} for seats of ${total}`);
    }
    if (left < 0) throw new Violation('money', `${short(bookingId)} got back more than it paid`);
  };

  const finalStates = (story: readonly AnyEvent[]): string[] => {
    const has = (type: AnyEvent['type']): boolean => story.some((event) => event.type === type);
    return [
      ...(has('seat.refused') ? ['refused'] : []),
      ...(has('payment.failed') ? ['failed'] : []),
      ...(has('payment.received') && has('payment.refunded') ? ['refunded'] : []),
      ...(has('ticket.generated') && !has('payment.refunded') ? ['ticketed'] : []),
    ];
  };

  const checkBooking = (bookingId: string, story: readonly AnyEvent[]): void => {
    const types = story.map(({ type }) => type);
    const say = (invariant: Invariant, found: string): never => {
      throw new Violation(invariant, `booking ${short(bookingId)} ${found} (${types.join(', ')})`);
    };
    const count = (type: AnyEvent['type']): number => types.filter((each) => each === type).length;
    const once = [
      'booking.requested',
      'seat.reserved',
      'seat.refused',
      'seat.sold',
      'seat.released',
    ];
    for (const type of eventTypes) {
      const isMany = type === 'payment.declined' || type === 'payment.refund-failed';
      const may = isMany || type === 'booking.card-replaced' || type.startsWith('notification.');
      if (!may && count(type) > 1) {
        say(once.includes(type) ? 'requests' : 'final', `has ${count(type)} times ${type}`);
      }
    }
    const states = finalStates(story);
    const [state] = states;
    if (states.length !== 1) say('final', `ends as ${states.join(' and ') || 'nothing'}`);
    if (state === 'ticketed' && count('booking.withdrawn') > 0) {
      say('final', 'was withdrawn and has its ticket');
    }

    const seats = [...holders].filter(([, holder]) => holder.bookingId === bookingId);
    const requested = story.find((event) => isA(event, 'booking.requested'));
    const wanted = requested?.type === 'booking.requested' ? requested.data.seats.length : 0;
    const isTicketed = state === 'ticketed';
    if (seats.filter(([, { isSold }]) => isSold).length !== (isTicketed ? wanted : 0)) {
      say('final', `is ${state} and has the seats ${seats.map(([seat]) => seat).join() || 'none'}`);
    }
    if (seats.length > 0 && !isTicketed) say('final', `is ${state} and keeps seats`);
    const { left } = netOf(bookingId);
    if (left !== (isTicketed ? wanted * price.amount : 0)) {
      say('money', `is ${state} and we have ${left} of its money`);
    }
    const valid = [...tickets.values()].filter((holder) => holder === bookingId).length;
    if (valid !== (isTicketed ? wanted : 0))
      say('money', `is ${state} with ${valid} valid tickets`);

    const about = isTicketed ? 'ticket' : state;
    const told = story.filter(
      (event) =>
        (isA(event, 'notification.sent') || isA(event, 'notification.failed')) &&
        event.data.about === about,
    );
    if (told.length !== 1)
      say('final', `is ${state} and its customer was told ${told.length} times`);
  };

  /** Who gives a card before the hold ends gets an attempt for it. */
  const checkCards = (bookingId: string, story: readonly AnyEvent[]): void => {
    const failed = story.find((event) => isA(event, 'payment.failed'));
    const reserved = story.find((event) => isA(event, 'seat.reserved'));
    if (failed?.data.reason !== 'declined' || reserved === undefined) return;
    const until = Date.parse(reserved.data.heldUntil);
    const given = story.filter(
      (event) =>
        isA(event, 'booking.requested') ||
        (isA(event, 'booking.card-replaced') && event.time < until && isBefore(event.id, until)),
    );
    const declined = (commits.get(`payment ${bookingId}`) ?? []).filter(({ heard }) => {
      const { came } = (heard ?? {}) as { came?: { result?: { outcome?: string } } };
      return came?.result?.outcome === 'declined';
    });
    if (given.length > declined.length) {
      throw new Violation(
        'final',
        `booking ${short(bookingId)} gave ${given.length} cards in time and failed after ${declined.length}`,
      );
    }
  };
  const isBefore = (id: string, moment: number): boolean =>
    (publishedAt.get(id) ?? Infinity) < moment;

  /** Nothing that stands before a committed offset was forgotten. */
  const checkAcknowledged = (): void => {
    const { topics, progress } = stage().log;
    for (const service of services) {
      const { name, hears } = service;
      const { causes, parked } = stage().store(name);
      for (const topic of new Set(hears.map((type) => events[type].noun))) {
        for (const [partition, records] of (topics.get(topic)?.records ?? []).entries()) {
          const done = records.slice(0, progress.committed(name, topic, partition));
          for (const record of done) {
            const { ce_id: id = '', ce_type: type = '', ce_correlationid } = record.headers;
            if (isGarbage(record) || !isEventType(type) || !hears.includes(type)) continue;
            const stream = (service.stream === 'section' ? record.key : ce_correlationid) ?? '';
            if (causes.get(stream)?.has(id) || parked.get(stream)?.has(id)) continue;
            throw new Violation(
              'inputs',
              `${name} acknowledged ${type} ${short(id)} and forgot it`,
            );
          }
        }
      }
    }
  };

  const checkMails = (): void => {
    const ids = new Map<string, string>();
    for (const { id, about, bookingId } of mails) {
      const one = `${about} ${bookingId}`;
      if ((ids.get(one) ?? id) !== id) {
        throw new Violation('final', `two mails of ${about} went to booking ${short(bookingId)}`);
      }
      ids.set(one, id);
    }
  };

  const checkRequests = (): void => {
    for (const { id, name, stream, answers } of customers().asked.values()) {
      if (answers === 0) continue;
      const decided = stage().store('gateway').causes.get(stream);
      if (decided?.has(id) !== true) {
        throw new Violation(
          'requests',
          `${name} ${short(id)} was acknowledged and is not on record`,
        );
      }
    }
    for (const [id, { published, stream, service, version }] of recorded) {
      if (published || isAbandoned(service, stream)) continue;
      throw new Violation(
        'requests',
        `${short(id)} in commit ${version} of ${service} ${stream} was never published`,
      );
    }
  };

  /** A request whose gateway died and whose customer never asked again need not take effect. */
  const isAbandoned = (service: string, stream: string): boolean =>
    service === 'gateway' &&
    [...customers().asked.values()].every(
      (asked) => asked.stream !== stream || asked.answers === 0,
    );

  return {
    appended: (records, by) => records.forEach((each) => appendedOne(each, by)),
    stored: (inserted, stream, { service }) => {
      const name = `${service} ${stream}`;
      commits.set(name, [...(commits.get(name) ?? []), ...inserted]);
      for (const commit of inserted) record(service, commit);
    },
    tried: (service, name, args) => {
      const act = `${service} ${name} ${JSON.stringify(args)}`;
      if (!acts.has(act)) throw new Violation('events', `it was not on record: ${act}`);
    },
    charged,
    checkAcknowledged,
    checkAtRest: () => {
      checkAcknowledged();
      for (const [name, known] of commits) {
        const [service = '', stream = ''] = name.split(' ');
        checkStream(service, stream, known);
      }
      if (dead.length > 0) throw new Violation('final', `there is a dead letter: ${dead[0]}`);
      checkRequests();
      for (const [bookingId, story] of stories) {
        checkBooking(bookingId, story);
        if (!areClocksSkewed()) checkCards(bookingId, story);
      }
      for (const { id, bookingId, status } of books().intents.values()) {
        if (status === 'open') {
          throw new Violation('money', `payment ${id} of ${short(bookingId)} can still be charged`);
        }
      }
      checkMails();
    },
    picture: () =>
      JSON.stringify({
        events: [...recorded.keys()].sort(),
        commits: [...commits].map(([name, each]) => `${name} ${each.length}`).sort(),
        money: books().changes,
        mails: [...new Set(mails.map(({ id }) => id))].sort(),
      }),
    bookings: () => [...stories.keys()],
    published: (bookingId) => (stories.get(bookingId) ?? []).map(({ id }) => id).sort(),
  };
};
