const format = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'full',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** A moment for people: `Monday 1 March 2027 at 19:30 UTC`. */
export const inWords = (instant: string): string => `${format.format(new Date(instant))} UTC`;
