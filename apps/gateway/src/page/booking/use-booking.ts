import { followEvents, Refused, type StreamState } from '@ensemble/ui';
import { useEffect, useState } from 'react';
import type { BookingView } from '../../schemas.ts';
import { clockAhead } from './countdown.ts';

/** A booking as it is followed. */
export interface Followed {
  /** The newest that was heard; undefined before the first. */
  readonly booking: BookingView | undefined;
  readonly state: StreamState;
  /** It cannot be shown to who has this token, and will not be. */
  readonly isUnknown: boolean;
  /** How far the server's clock is ahead of this one, in milliseconds. */
  readonly aheadMs: number;
}

/** Follows a booking as long as it is looked at, through losses of the connection. */
export const useBooking = (bookingId: string, token: string | undefined): Followed => {
  const [followed, setFollowed] = useState<Followed>({
    booking: undefined,
    state: 'opening',
    isUnknown: token === undefined,
    aheadMs: 0,
  });
  useEffect(() => {
    const change = (news: Partial<Followed>): void =>
      setFollowed((before) => ({ ...before, ...news }));
    change({ isUnknown: token === undefined });
    if (token === undefined) return;
    const leave = followEvents(`/api/bookings/${encodeURIComponent(bookingId)}/live`, {
      token,
      onMessage: ({ data }) => {
        const booking: BookingView = JSON.parse(data);
        change({ booking });
      },
      onState: (state, why) => {
        const isUnknown = why instanceof Refused && why.status === 404;
        change({ state, isUnknown });
        if (isUnknown) leave();
      },
      onResponse: (headers, askedAt) => {
        const aheadMs = clockAhead(headers.get('Date'), askedAt, Date.now());
        if (aheadMs !== undefined) change({ aheadMs });
      },
    });
    return leave;
  }, [bookingId, token]);
  return followed;
};
