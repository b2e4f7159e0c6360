import { useEffect, useState } from 'react';
import { tokenOf } from './kept.ts';

/** The token of a booking, also when its whole link is opened while the booking is shown. */
export const useToken = (bookingId: string): string | undefined => {
  const [token, setToken] = useState(() => tokenOf(bookingId));
  useEffect(() => {
    const look = (): void => setToken(tokenOf(bookingId));
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [bookingId]);
  return token;
};
