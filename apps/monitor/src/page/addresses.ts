import { route } from '@ensemble/ui/route';

/** The address of every view of the page. */
export const addresses = {
  map: route('/'),
  bookings: route('/bookings'),
  story: route('/bookings/:id'),
  stuck: route('/stuck'),
  conformance: route('/conformance'),
  dead: route('/dead'),
  records: route('/records'),
  analytics: route('/analytics'),
  insights: route('/insights'),
  whatIf: route('/what-if'),
  audit: route('/audit'),
} as const;
