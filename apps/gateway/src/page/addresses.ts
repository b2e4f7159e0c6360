import { route } from '@ensemble/ui/route';

/** The address of every view of the page. */
export const addresses = {
  shows: route('/'),
  show: route('/shows/:id'),
  booking: route('/b/:id'),
  operator: route('/operator'),
} as const;
