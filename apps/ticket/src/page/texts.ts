import { textsOf } from '@ensemble/ui';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';

/** All that the page says, in the reader's language. */
export const useTexts = textsOf({ en, de });
