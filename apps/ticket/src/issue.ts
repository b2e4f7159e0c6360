import type { DataOf, ShowDescription } from '@ensemble/contracts';
import { signCode, ticketIdOf } from './code.ts';
import { KeyAway, loadSigningKey, type SigningKey } from './keys.ts';
import { linksOf } from './links.ts';

/** What a ticket is issued for. */
export type IssueArgs = {
  bookingId: string;
  showId: string;
  section: string;
  show: ShowDescription;
  seats: readonly string[];
};
/** A ticket as `ticket.generated` says it. */
export type Issued = Pick<DataOf<'ticket.generated'>, 'ticketId' | 'code' | 'seats' | 'links'>;

/** The key; that it is away is said in a word, for customers read it: the sentence is the cause. */
const keyIn = (file: string): SigningKey => {
  try {
    return loadSigningKey(file);
  } catch (cause) {
    throw cause instanceof KeyAway ? new Error(cause.reason, { cause }) : cause;
  }
};

/**
 * Issues tickets: one code for the booking, one for each seat, and the links to the documents.
 * Issued again, a ticket has the same bytes. Fails with `key-away` while the signing key is.
 * @param publicUrl where customers reach `ticket`
 */
export const issueTicket =
  ({ keyFile, publicUrl }: { keyFile: string; publicUrl: string }) =>
  async ({ bookingId, showId, section, show, seats }: IssueArgs): Promise<Issued> => {
    const key = keyIn(keyFile);
    const ticketId = ticketIdOf(bookingId);
    const codeOf = (s: string | string[]): Promise<string> =>
      signCode({ t: ticketId, b: bookingId, p: showId, c: section, s, n: show.startsAt }, key);
    const [code = '', ...codes] = await Promise.all([[...seats], ...seats].map(codeOf));
    return {
      ticketId,
      code,
      seats: seats.map((seat, index) => ({ seat, code: codes[index] ?? '' })),
      links: linksOf(publicUrl, bookingId, key),
    };
  };
