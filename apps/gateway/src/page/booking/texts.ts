import { textsOf } from '@ensemble/ui';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';

/** What is said of booking and of bookings, in the reader's language. */
export const useBookingTexts = textsOf({ en, de });
