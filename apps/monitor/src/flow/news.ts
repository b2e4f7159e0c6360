import type { VerdictKind, VerdictView } from '../views.ts';
import { type Booking, isFinal } from './booking.ts';

/** What came to be known since it was asked last. */
export interface News {
  readonly ended: readonly { readonly outcome: string; readonly tookMs: number }[];
  readonly verdicts: readonly VerdictKind[];
}

/**
 * Tells of each end and each verdict once, of bookings that moved since a moment: what went on
 * before it was told when it happened, or nobody watched.
 */
export const newsSince = (since: number) => {
  let told = new Set<string>();
  return (
    bookings: Iterable<Booking>,
    verdictsIn: (booking: Booking) => readonly VerdictView[],
  ): News => {
    const ended: { outcome: string; tookMs: number }[] = [];
    const verdicts: VerdictKind[] = [];
    // Only what is in memory can be told again.
    const known = new Set<string>();
    const isNews = (key: string): boolean => {
      known.add(key);
      return !told.has(key);
    };
    for (const booking of bookings) {
      const { bookingId, state, last, startedAt } = booking;
      if (last.at < since) continue;
      if (isFinal(booking) && isNews(`${bookingId} ended`)) {
        ended.push({ outcome: state, tookMs: last.at - startedAt });
      }
      for (const { kind, sentence } of verdictsIn(booking)) {
        if (isNews(`${bookingId} ${kind} ${sentence}`)) verdicts.push(kind);
      }
    }
    told = known;
    return { ended, verdicts };
  };
};
