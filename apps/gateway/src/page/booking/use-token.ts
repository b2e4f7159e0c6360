import { useCallback, useEffect, useState } from 'react';
import { keepToken, tokenOf, withoutGiven } from './kept.ts';

/** A token, and what it turned out to be. */
export interface Token {
  readonly token: string | undefined;
  /** It opened the booking. */
  isGood(): void;
  /** It did not: the one that is kept besides is tried, if there is one. */
  isNone(): void;
}

/** The token of a booking, also when its whole link is opened while the booking is shown. */
export const useToken = (bookingId: string): Token => {
  const [token, setToken] = useState(() => tokenOf(bookingId));
  useEffect(() => {
    const look = (): void => setToken(tokenOf(bookingId));
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [bookingId]);
  const isGood = useCallback(() => {
    if (token !== undefined) keepToken(bookingId, token);
  }, [bookingId, token]);
  const isNone = useCallback(() => setToken(withoutGiven(bookingId)), [bookingId]);
  return { token, isGood, isNone };
};
