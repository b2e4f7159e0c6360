/** The languages that a page may be read in, by what they call themselves. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

export const isLanguage = (word: string): word is Language => Object.hasOwn(languages, word);

/** How numbers are written where nothing else is known. */
export const defaults: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/**
 * What to read in: the chosen language, else the first that the reader asks for and we have; and the
 * place whose way of writing numbers goes with it.
 * @param wished tags as `navigator.languages` has them, the dearest first
 */
export const readingOf = (
  chosen: string | null,
  wished: readonly string[],
): { readonly language: Language; readonly locale: string } => {
  const languageOf = (tag: string): string => tag.split('-', 1)[0]?.toLowerCase() ?? '';
  const language = [chosen ?? '', ...wished.map(languageOf)].find(isLanguage) ?? 'en';
  const locale = wished.find((tag) => languageOf(tag) === language && tag.includes('-'));
  return { language, locale: locale ?? defaults[language] };
};
