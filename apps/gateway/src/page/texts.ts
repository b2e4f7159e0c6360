import { textsOf } from '@ensemble/ui';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';

/** All that the page says, in the reader's language. */
export const useTexts = textsOf({ en, de });

/** What people call a section: `upper-circle` is `Upper circle`. */
export const sectionName = (section: string): string => {
  const words = section.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
