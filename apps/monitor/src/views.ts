/**
 * What the monitor's API answers, and its page shows: JSON, moments in milliseconds since 1970 UTC,
 * durations in milliseconds, money in minor units. A booking is named by its id.
 */
export type * from './views/map.ts';
export type * from './views/booking.ts';
export type * from './views/trouble.ts';
export type * from './views/analytics.ts';
export type * from './views/ledger.ts';
export type * from './views/live.ts';
