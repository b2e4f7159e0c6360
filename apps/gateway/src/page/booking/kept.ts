import { addresses } from '../addresses.ts';

/**
 * The tokens of this browser's bookings: whoever has one may see and change the booking. They come
 * after the `#` of an address, which is sent to nobody, and are kept so that they need not stay there.
 */
const nameOf = (bookingId: string): string => `ensemble.booking.${bookingId}`;

/** Keeps the token of a booking in this browser. */
export const keepToken = (bookingId: string, token: string): void => {
  localStorage.setItem(nameOf(bookingId), token);
  sessionStorage.removeItem(nameOf(bookingId));
};

/**
 * The token of a booking: the one in the address, which is removed there, or the kept one. A link may
 * be damaged or forged: what it gives is this window's alone until it has opened the booking.
 */
export const tokenOf = (bookingId: string): string | undefined => {
  const { hash, pathname, search } = window.location;
  const given = hash.slice(1);
  const name = nameOf(bookingId);
  if (/^[\w-]{20,}$/.test(given)) {
    sessionStorage.setItem(name, given);
    window.history.replaceState(null, '', pathname + search);
  }
  return sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? undefined;
};

/** Forgets a token that opened nothing. @returns the one that is kept besides, if any */
export const withoutGiven = (bookingId: string): string | undefined => {
  sessionStorage.removeItem(nameOf(bookingId));
  return tokenOf(bookingId);
};

/** The address that opens a booking in any browser. */
export const linkOf = (bookingId: string, token: string): string =>
  `${new URL(addresses.booking.to({ id: bookingId }).slice(1), document.baseURI).href}#${token}`;
