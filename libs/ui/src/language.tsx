import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Formats, formatsOf } from './format.ts';
import { defaults, isLanguage, type Language, languages, readingOf } from './reading.ts';
import { words } from './words.ts';

/**
 * The texts of a page or of a part of it, in each language, made with the way numbers and moments
 * are written there. One file for a language; the type of the first holds the others to the same
 * texts: what is missing in one does not compile.
 */
export type InEachLanguage<Texts> = Readonly<Record<Language, (formats: Formats) => Texts>>;

/** How the page is read. */
export interface Reading {
  readonly language: Language;
  readonly formats: Formats;
  /** Reads it in another language from now on, and at the next visit. */
  readonly choose: (language: Language) => void;
}

const Spoken = createContext<Reading>({
  language: 'en',
  formats: formatsOf(defaults.en),
  choose: () => undefined,
});

const kept = 'ensemble.language';

/** Lets all that is in it be read in the reader's language. */
export const LanguageProvider = ({ children }: { children: ReactNode }) => {
  const [chosen, setChosen] = useState(() => localStorage.getItem(kept));
  const { language, locale } = readingOf(chosen, navigator.languages);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const reading = useMemo<Reading>(
    () => ({
      language,
      formats: formatsOf(locale),
      choose: (next) => {
        localStorage.setItem(kept, next);
        setChosen(next);
      },
    }),
    [language, locale],
  );
  return <Spoken value={reading}>{children}</Spoken>;
};

/** The language, and how numbers and moments are written in it. */
export const useReading = (): Reading => useContext(Spoken);

/** A hook for texts: those in the language that the page is read in. */
export const textsOf = <Texts,>(each: InEachLanguage<Texts>): (() => Texts) => {
  const made = new WeakMap<Formats, Texts>();
  return () => {
    const { language, formats } = useReading();
    const texts = made.get(formats) ?? each[language](formats);
    made.set(formats, texts);
    return texts;
  };
};

/** The words of the shared parts. */
export const useWords = textsOf(words);

/** Chooses the language; each calls itself by its own name. */
export const LanguageSwitch = () => {
  const { language, choose } = useReading();
  const { language: label } = useWords();
  return (
    <div className="languages" role="group" aria-label={label}>
      {Object.entries(languages).map(([each, name]) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={each === language}
          onClick={() => isLanguage(each) && choose(each)}
        >
          {each.toUpperCase()}
          <span className="unseen"> {name}</span>
        </button>
      ))}
    </div>
  );
};
