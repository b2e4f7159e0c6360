import type { Formats } from '@ensemble/ui';
import type { Texts } from './en.ts';

/** All that the page says, in German. */
export const de = (_formats: Formats): Texts => ({
  name: 'Ensemble',
  window: (view) => `${view} · Ensemble`,
  places: { shows: 'Vorstellungen', operator: 'Kasse' },
  nothing: {
    title: 'Hier ist nichts',
    says: 'Keine Seite hat diese Adresse. Die Vorstellungen führen zu allen Plätzen im Verkauf.',
  },
  shows: {
    title: 'Vorstellungen',
    none: 'Im Augenblick ist nichts im Verkauf.',
  },
  booking: {
    title: 'Ihre Buchung',
  },
  operator: {
    title: 'Kasse',
  },
});
