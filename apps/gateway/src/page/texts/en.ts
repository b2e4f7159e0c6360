import type { Formats } from '@ensemble/ui';

/** All that the page says, in English; the other languages say the same. */
export const en = (_formats: Formats) => ({
  name: 'Ensemble',
  /** The name of a window on a view. */
  window: (view: string) => `${view} · Ensemble`,
  places: { shows: 'Shows', operator: 'Box office' },
  nothing: {
    title: 'Nothing here',
    says: 'No page has this address. The shows lead to all seats that are on sale.',
  },
  shows: {
    title: 'Shows',
    none: 'Nothing is on sale at this moment.',
  },
  booking: {
    title: 'Your booking',
  },
  operator: {
    title: 'Box office',
  },
});

/** What every language has to say. */
export type Texts = ReturnType<typeof en>;
