import type { Clock } from '@ensemble/choreography';
import { isUpToCustomer } from '@ensemble/contracts';
import type { Follower } from './follower.ts';
import { Problem } from './problem.ts';
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

export const outcome =
  (
    views: Views,
    follower: Pick<Follower, 'watch'>,
    { clock, stopping }: { clock: Clock; stopping: AbortSignal },
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
    try {
      for (;;) {
        changed = Promise.withResolvers<void>();
        const view = await readable(() => views.booking(bookingId));
        if (isLate || signal.aborted) return view;
        if (view !== undefined && isUpToCustomer(view.state)) return view;
        await changed.promise;
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
    if (error instanceof Problem) return undefined;
    throw error;
  }
};
