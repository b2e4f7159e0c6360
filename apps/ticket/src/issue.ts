import type { DataOf, ShowDescription } from '@ensemble/contracts';
import { signCode, ticketIdOf } from './code.ts';
import { loadSigningKey } from './keys.ts';
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

/**
 * Issues tickets: one code for the booking, one for each seat, and the links to the documents.
 * Issued again, a ticket has the same bytes. Fails with `KeyAway` while the signing key is away.
 * @param publicUrl where customers reach `ticket`
 */
export const issueTicket =
  ({ keyFile, publicUrl }: { keyFile: string; publicUrl: string }) =>
  async ({ bookingId, showId, section, show, seats }: IssueArgs): Promise<Issued> => {
    const key = loadSigningKey(keyFile);
    const ticketId = ticketIdOf(bookingId);
    const codeOf = (s: string | string[]): string =>
      signCode({ t: ticketId, b: bookingId, p: showId, c: section, s, n: show.startsAt }, key);
    return {
      ticketId,
      code: codeOf([...seats]),
      seats: seats.map((seat) => ({ seat, code: codeOf(seat) })),
      links: linksOf(publicUrl, bookingId, key),
    };
  };
