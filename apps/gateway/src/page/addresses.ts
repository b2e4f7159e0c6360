import { route } from '@ensemble/ui/route';

/** The address of every view of the page. */
export const addresses = {
  shows: route('/'),
  show: route('/shows/:id'),
  booking: route('/b/:id'),
  operator: route('/operator'),
} as const;

/** The map of a section, with these seats chosen as far as they are free. */
export const mapOf = (
  { showId, section }: { readonly showId: string; readonly section: string },
  seats: readonly string[],
): string => addresses.show.to({ id: showId }, { section, seats: seats.join(',') });
