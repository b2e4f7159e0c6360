import type { Clock } from '@ensemble/choreography';
import { type EventType, isUpToCustomer } from '@ensemble/contracts';
import { EdgeProblem } from '@ensemble/host/edge';
import type { Follower } from './follower.ts';
import type { BookingView } from './schemas.ts';
import type { Views } from './views.ts';

/**
 * Waits until a booking is settled or needs another card, time is up or nobody waits any more;
 * resolves to the booking as it is then, or to nothing if it cannot be read.
 */
export type Outcome = (
  bookingId: string,
  options: { readonly waitMs: number; readonly signal: AbortSignal },
) => Promise<BookingView | undefined>;

/** After these it may be the customer's turn, or the end. */
const turns: ReadonlySet<EventType> = new Set([
  'seat.refused',
  'payment.declined',
  'payment.failed',
  'payment.refunded',
  'ticket.generated',
  'ticket.revoked',
]);

/** @param isComplete whether what a booking's view lacks from now on is followed here */
export const outcome =
  (
    views: Views,
    follower: Pick<Follower, 'watch' | 'events'>,
    {
      clock,
      stopping,
      isComplete,
    }: { clock: Clock; stopping: AbortSignal; isComplete: () => boolean },
  ): Outcome =>
  async (bookingId, { waitMs, signal: gone }) => {
    const signal = AbortSignal.any([gone, stopping]);
    let changed = Promise.withResolvers<void>();
    const wake = (): void => changed.resolve();
    const unwatch = follower.watch(bookingId, wake);
    let isLate = false;
    const cancel = clock.after(waitMs, () => {
      isLate = true;
      wake();
    });
    signal.addEventListener('abort', wake);
    const turnsSeen = (): number =>
      follower.events(bookingId).filter(({ type }) => turns.has(type)).length;
    try {
      for (;;) {
        changed = Promise.withResolvers<void>();
        const [before, wasComplete] = [turnsSeen(), isComplete()];
        const view = await readable(() => views.booking(bookingId));
        if (isLate || signal.aborted) return view;
        if (view !== undefined && isUpToCustomer(view.state)) return view;
        // Other news change nothing for who waits: the store is not asked for each of them.
        const isFollowed = wasComplete && view !== undefined;
        do {
          await changed.promise;
          changed = Promise.withResolvers<void>();
        } while (isFollowed && !isLate && !signal.aborted && turnsSeen() === before);
      }
    } finally {
      signal.removeEventListener('abort', wake);
      cancel();
      unwatch();
    }
  };

/** The booking is accepted whether or not it can be read at the moment. */
const readable = async (
  read: () => Promise<BookingView | undefined>,
): Promise<BookingView | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof EdgeProblem) return undefined;
    throw error;
  }
};
