import { type Clock, idOf } from '@ensemble/choreography';
import { isOver, isSettled, type ShowDescription } from '@ensemble/contracts';
import type { Store } from '@ensemble/store';
import { requestIsOf } from '@ensemble/telemetry';
import { type Patience, settlingOnce } from '@ensemble/host/edge';
import type { Admission } from './admission.ts';
import { catalogueTopic, followedTopics } from './follower.ts';
import { copiesAtMost, type Submit } from './gateway.ts';
import type { Identity } from './identity.ts';
import type { Newest } from './newest.ts';
import { Problem } from './problem.ts';
import type { BookingRequest, BookingView, Receipt } from './schemas.ts';
import type { Shows } from './shows.ts';

/** What comes with a request beside its body. */
export interface Keyed {
  readonly idempotencyKey: string;
  readonly traceparent?: string | undefined;
}

/** What customers may ask. Each is done once, however often it is asked; each throws Problem. */
export interface BookingRequests {
  /** Takes in a booking: when this resolves, it is stored and published. */
  requestBooking(request: BookingRequest, keyed: Keyed): Promise<Receipt>;
  /** @param look reads the booking as this gateway knows it */
  replaceCard(look: () => Promise<BookingView>, card: string, keyed: Keyed): Promise<BookingView>;
  /** @param look reads the booking as this gateway knows it */
  requestCopy(look: () => Promise<BookingView>, keyed: Keyed): Promise<BookingView>;
  withdraw(look: () => Promise<BookingView>, traceparent?: string): Promise<BookingView>;
}

/** What the requests work with. */
export interface Counter {
  readonly submit: Submit;
  readonly identity: Identity;
  readonly admission: Admission;
  readonly store: Pick<Store, 'find'>;
  readonly clock: Clock;
  /** The shows, once all of them are known. @throws Problem `cold` */
  readonly shows: () => Shows;
  readonly newest: Newest;
  /** Events of one key stand in this partition of every topic. */
  readonly partition: (key: string) => number;
  /** How long a commit and a reading are waited for. */
  readonly commits: Patience;
  readonly reads: Patience;
}

/** More cards than this is somebody who tries out cards. */
const cardsAtMost = 10;

const wasWithdrawn = ({ history }: BookingView): boolean =>
  history.some(({ type }) => type === 'booking.withdrawn');

const wasAdmitted = ({ history }: BookingView): boolean =>
  history.some(({ type }) => type === 'ticket.admitted');

const cardsOf = ({ history }: BookingView): number =>
  1 + history.filter(({ type }) => type === 'booking.card-replaced').length;

const placeOf = ({ bookingId, showId, section }: BookingView) => ({ bookingId, showId, section });
const keyOf = ({ showId, section }: { showId: string; section: string }): string =>
  `${showId}/${section}`;

export const bookingRequests = (counter: Counter): BookingRequests => {
  const { identity, admission, store, clock, newest, commits, reads } = counter;
  const settle = settlingOnce(counter.submit, commits);

  /** The show that a booking is for, if it is known here. */
  const showKnown = (request: BookingRequest): ShowDescription | undefined => {
    try {
      return counter.shows().placeFor(request);
    } catch (error) {
      if (error instanceof Problem && error.code === 'unknown-place') return undefined;
      throw error;
    }
  };

  /** Another gateway may have opened it a moment ago. */
  const showOfAnother = async (request: BookingRequest): Promise<ShowDescription> => {
    await newest([catalogueTopic]);
    return counter.shows().placeFor(request);
  };

  /** What is asked of a booking later has a trace of its own, linked to where the booking began. */
  const follows = async (bookingId: string, traceparent: string | undefined): Promise<void> => {
    if (traceparent === undefined) return;
    const first = await reads(() => store.find(bookingId, idOf('request-booking', bookingId)));
    requestIsOf(bookingId, first?.says[0]?.headers['ce_traceparent']);
  };

  /** What a booking is that takes no other card any more. */
  const whyClosedToCards = (booking: BookingView): string | undefined => {
    const { state, heldUntil } = booking;
    if (wasWithdrawn(booking)) return 'withdrawn';
    if (state === 'requested') return undefined;
    if (state !== 'reserved' && state !== 'declined') return state;
    const inTime = heldUntil !== undefined && clock.now() < Date.parse(heldUntil);
    return inTime ? undefined : `${state}, its hold ended`;
  };

  const mustBeOpenToCards = (booking: BookingView): void => {
    if (cardsOf(booking) >= cardsAtMost) {
      throw new Problem('too-late', `The booking has had ${cardsAtMost} cards.`);
    }
    const why = whyClosedToCards(booking);
    if (why !== undefined) {
      throw new Problem('too-late', `The booking takes no other card: it is ${why}.`);
    }
    if (booking.state === 'requested') {
      const detail = 'Its seats are not reserved yet: try again when they are.';
      throw new Problem('too-early', detail, { retryAfter: 1 });
    }
  };

  const mustHaveALetter = ({ state }: BookingView): void => {
    if (isSettled(state)) return;
    throw new Problem('too-early', 'There is no letter yet that could be sent again.', {
      retryAfter: 1,
    });
  };

  /** The booking with all that is on the log by now. */
  const anew = async (
    booking: BookingView,
    look: () => Promise<BookingView>,
  ): Promise<BookingView> => {
    await newest(followedTopics, counter.partition(keyOf(booking)));
    return look();
  };

  /** The booking, once it is far enough: another gateway may have heard that it is. */
  const farEnough = async (
    booking: BookingView,
    look: () => Promise<BookingView>,
    mustBe: (booking: BookingView) => void,
  ): Promise<BookingView> => {
    try {
      mustBe(booking);
      return booking;
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'too-early')) throw error;
      const newer = await anew(booking, look);
      mustBe(newer);
      return newer;
    }
  };

  return {
    requestBooking: async (request, { idempotencyKey, traceparent }) => {
      const { showId, section, seats, customer, card } = request;
      const show = showKnown(request) ?? (await showOfAnother(request));
      const bookingId = identity.bookingId(idempotencyKey);
      requestIsOf(bookingId);
      const takenIn = admission.enter();
      try {
        await settle({
          name: 'request-booking',
          id: idOf('request-booking', bookingId),
          stream: bookingId,
          key: keyOf(request),
          data: { bookingId, showId, section, show, seats, customer, card },
          fingerprint: identity.fingerprint(request),
          traceparent,
        });
      } finally {
        takenIn();
      }
      return { bookingId, token: identity.token(bookingId), state: 'requested' };
    },

    replaceCard: async (look, card, { idempotencyKey, traceparent }) => {
      const found = await look();
      const { bookingId } = found;
      await follows(bookingId, traceparent);
      const id = idOf('replace-card', bookingId, idempotencyKey);
      const before = await reads(() => store.find(bookingId, id));
      const booking =
        before === undefined ? await farEnough(found, look, mustBeOpenToCards) : found;
      const said = await settle({
        name: 'replace-card',
        id,
        stream: bookingId,
        key: keyOf(booking),
        data: { ...placeOf(booking), card },
        fingerprint: identity.fingerprint({ card }),
        traceparent,
      });
      if (said.length === 0) {
        throw new Problem('too-late', 'The booking takes no other card: it is withdrawn.');
      }
      return booking;
    },

    requestCopy: async (look, { idempotencyKey, traceparent }) => {
      const booking = await farEnough(await look(), look, mustHaveALetter);
      const { bookingId } = booking;
      await follows(bookingId, traceparent);
      const said = await settle({
        name: 'request-copy',
        id: idOf('request-copy', bookingId, idempotencyKey),
        stream: bookingId,
        key: keyOf(booking),
        data: placeOf(booking),
        fingerprint: identity.fingerprint({}),
        traceparent,
      });
      if (said.length === 0) {
        throw new Problem('too-late', `The booking has had ${copiesAtMost} copies of its letter.`);
      }
      return booking;
    },

    withdraw: async (look, traceparent) => {
      const found = await look();
      // Somebody may have been let in a moment ago, and another gateway have heard of it.
      const booking = found.state === 'ticketed' ? await anew(found, look) : found;
      const { bookingId, state } = booking;
      const id = idOf('withdraw-booking', bookingId);
      await follows(bookingId, traceparent);
      // Who did not hear the first answer asks again: a repeat, which is published if it was not.
      const isRepeat = async (): Promise<boolean> =>
        (await reads(() => store.find(bookingId, id))) !== undefined;
      if (isOver(state) && !wasWithdrawn(booking) && !(await isRepeat())) {
        throw new Problem('too-late', `The booking is ${state} already.`);
      }
      if (wasAdmitted(booking) && !(await isRepeat())) {
        throw new Problem('too-late', 'Somebody was let in on its ticket already.');
      }
      await settle({
        name: 'withdraw-booking',
        id,
        stream: bookingId,
        key: keyOf(booking),
        data: placeOf(booking),
        fingerprint: identity.fingerprint({}),
        traceparent,
      });
      return booking;
    },
  };
};
