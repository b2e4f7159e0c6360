import type { Service } from '@ensemble/choreography';
import { type AnyEvent, events, isEventType, isSettled, stateOf } from '@ensemble/contracts';
import { isGarbage, type Stage, type Watch } from '@ensemble/testing/stage';
import type { Cast } from './cast.ts';
import { chronicle, type Chronicle } from './chronicle.ts';
import { checkEnding } from './ending.ts';
import type { Mail } from './outside.ts';
import type { Books } from './pretend-bank.ts';
import type { Asked } from './requests.ts';
import { seatChart } from './seat-chart.ts';
import { short, Violation } from './violation.ts';

/** Checks what can be seen from outside: the log, the stores, the provider's books, the mailbox. */
export interface Referee extends Watch, Pick<Chronicle, 'acts'> {
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
  /** Whether what was published of a booking makes a letter. */
  hasLetter(bookingId: string): boolean;
  /** The events of a booking that were published, by id. */
  published(bookingId: string): string[];
}

/** What the referee looks at. */
export interface Views {
  readonly stage: () => Stage<Cast>;
  readonly books: () => Books;
  readonly mails: () => readonly Mail[];
  /** What was asked from outside, by id: of those who book and of those at the doors. */
  readonly asked: () => readonly ReadonlyMap<string, Asked>[];
  /** Told of each event when it is published for the first time. */
  readonly hear: (event: AnyEvent) => void;
  /** The services that hear events. */
  readonly services: readonly Service[];
  /** Then nobody can tell from outside what was in time. */
  readonly areClocksSkewed: () => boolean;
}

/** The referee of one play. */
export const referee = (views: Views): Referee => {
  const { stage, books, mails, asked } = views;
  const chart = seatChart();
  const take = (event: AnyEvent): void => {
    chart.take(event);
    views.hear(event);
  };
  const written = chronicle(stage, (id) => asked().some((each) => each.has(id)), take);
  return {
    appended: written.appended,
    stored: written.stored,
    acts: written.acts,
    charged: (bookingId) => {
      const { money, price } = moneyOf(bookingId, books());
      if (money >= 0 && money <= price) return;
      throw new Violation('money', `${short(bookingId)} has paid ${money} for seats of ${price}`);
    },
    checkAcknowledged: () => checkAcknowledged(views, written, { isAtRest: false }),
    checkAtRest: () => {
      checkAcknowledged(views, written, { isAtRest: true });
      written.checkStores();
      checkRequests(views, written);
      for (const [bookingId, story] of written.stories) {
        const { money } = moneyOf(bookingId, books());
        const seats = chart.seatsOf(bookingId);
        checkEnding({ bookingId, story, seats, tickets: chart.ticketsOf(bookingId), money });
        // A card that died and came back may have missed its time.
        const isLate = [...written.dead].some((id) => id.startsWith('payment '));
        if (!views.areClocksSkewed() && !isLate) checkCards(bookingId, written);
      }
      checkPayments(books());
      checkMails(mails());
    },
    picture: () =>
      JSON.stringify({
        events: written.ids().sort(),
        commits: [...written.commits].map(([name, each]) => `${name} ${each.length}`).sort(),
        money: books().changes,
        mails: [...new Set(mails().map(({ id }) => id))].sort(),
      }),
    bookings: () => [...written.stories.keys()],
    hasLetter: (bookingId) => {
      const types = (written.stories.get(bookingId) ?? []).map(({ type }) => type);
      return isSettled(stateOf((type) => types.filter((each) => each === type).length));
    },
    published: (bookingId) => (written.stories.get(bookingId) ?? []).map(({ id }) => id),
  };
};

const sumOf = (all: readonly { readonly amount: number }[]): number =>
  all.reduce((sum, { amount }) => sum + amount, 0);

/** What the provider has of a customer's money, and what the seats cost. */
const moneyOf = (
  bookingId: string,
  { intents, refunds }: Books,
): { money: number; price: number } => {
  const own = [...intents.values()].filter((intent) => intent.bookingId === bookingId);
  const ids = new Set(own.map(({ id }) => id));
  const paid = own.filter(({ status }) => status === 'succeeded');
  const back = refunds.filter(({ intent, status }) => ids.has(intent) && status === 'succeeded');
  return { money: sumOf(paid) - sumOf(back), price: own[0]?.amount ?? 0 };
};

/** Nothing that stands before a committed offset was forgotten; at rest all of it is decided. */
const checkAcknowledged = (
  { stage, services }: Views,
  { dead }: Chronicle,
  { isAtRest }: { isAtRest: boolean },
): void => {
  const { topics, progress } = stage().log;
  for (const { name, hears, stream: of } of services) {
    const { causes, parked } = stage().store(name);
    const isKept = (stream: string, id: string): boolean =>
      causes.get(stream)?.has(id) === true ||
      (!isAtRest && (parked.get(stream)?.has(id) === true || dead.has(`${name} ${id}`)));
    for (const topic of new Set(hears.map((type) => events[type].noun))) {
      for (const [partition, records] of (topics.get(topic)?.records ?? []).entries()) {
        for (const record of records.slice(0, progress.committed(name, topic, partition))) {
          const { ce_id: id = '', ce_type: type = '', ce_correlationid } = record.headers;
          if (isGarbage(record) || !isEventType(type) || !hears.includes(type)) continue;
          const stream = of === 'section' ? record.key : ce_correlationid;
          if (isKept(stream ?? '', id)) continue;
          throw new Violation('inputs', `${name} acknowledged ${type} ${short(id)} and forgot it`);
        }
      }
    }
  }
};

/** What was answered with 202 is on record, and what is on record was published. */
const checkRequests = ({ stage, asked }: Views, { unpublished }: Chronicle): void => {
  const answered = asked()
    .flatMap((each) => [...each.values()])
    .filter(({ answers }) => answers > 0);
  for (const { of, id, name, stream } of answered) {
    if (stage().store(of).causes.get(stream)?.has(id) === true) continue;
    throw new Violation('requests', `${name} ${short(id)} was acknowledged and is not on record`);
  }
  // A request whose gateway died and whose customer never asked again need not take effect.
  const isAbandoned = (service: string, of: string): boolean =>
    service === 'gateway' && !answered.some(({ stream }) => stream === of);
  for (const { id, service, stream } of unpublished()) {
    if (isAbandoned(service, stream)) continue;
    throw new Violation('requests', `${short(id)} of ${service} ${stream} was never published`);
  }
};

/** Who gives a card before the hold ends gets an attempt for it. */
const checkCards = (bookingId: string, { stories, commits, publishedAt }: Chronicle): void => {
  const story = stories.get(bookingId) ?? [];
  const failed = story.find(({ type }) => type === 'payment.failed');
  const reserved = story.find(({ type }) => type === 'seat.reserved');
  if (failed?.type !== 'payment.failed' || failed.data.reason !== 'declined') return;
  const until = reserved?.type === 'seat.reserved' ? Date.parse(reserved.data.heldUntil) : 0;
  const given = story.filter(
    ({ id, type, time }) =>
      type === 'booking.requested' ||
      (type === 'booking.card-replaced' && time < until && publishedAt(id) < until),
  );
  const declined = (commits.get(`payment ${bookingId}`) ?? []).filter(({ heard }) => {
    const { came } = (heard ?? {}) as { came?: { result?: { outcome?: string } } };
    return came?.result?.outcome === 'declined';
  });
  if (given.length <= declined.length) return;
  const found = `${given.length} cards in time and failed after ${declined.length}`;
  throw new Violation('final', `booking ${short(bookingId)} gave ${found}`);
};

/** A payment that came to nothing has ended for good. */
const checkPayments = ({ intents }: Books): void => {
  for (const { id, bookingId, status } of intents.values()) {
    if (status !== 'open') continue;
    throw new Violation('money', `payment ${id} of ${short(bookingId)} can still be charged`);
  }
};

/** A mail that went twice had the same id. */
const checkMails = (mails: readonly Mail[]): void => {
  const ids = new Map<string, string>();
  for (const { id, about, copy, bookingId } of mails) {
    const one = `${about} ${bookingId} ${copy}`;
    if ((ids.get(one) ?? id) !== id) {
      throw new Violation('final', `two mails of ${about} went to booking ${short(bookingId)}`);
    }
    ids.set(one, id);
  }
};
