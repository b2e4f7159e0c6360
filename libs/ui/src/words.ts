/** The words of the shared parts themselves. */
import type { InEachLanguage } from './language.tsx';

const en = () => ({
  skip: 'Skip to the content',
  views: 'Views',
  language: 'Language',
  again: 'Try again',
  loading: 'Loading …',
  nobodyAnswers: 'Nobody answers.',
  wayIsAway: 'The server is away, or the way to it is.',
  close: 'Close',
});

/** What a part says. */
export type Words = ReturnType<typeof en>;

const de = (): Words => ({
  skip: 'Zum Inhalt springen',
  views: 'Ansichten',
  language: 'Sprache',
  again: 'Noch einmal versuchen',
  loading: 'Wird geladen …',
  nobodyAnswers: 'Niemand antwortet.',
  wayIsAway: 'Der Server ist nicht erreichbar, oder der Weg zu ihm nicht.',
  close: 'Schließen',
});

/** In each language. */
export const words: InEachLanguage<Words> = { en, de };
