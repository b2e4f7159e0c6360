import { go } from '@ensemble/ui';
import { useEffect } from 'react';
import { addresses } from '../addresses.ts';
import { desk } from './desk.ts';
import { keepToken } from './kept.ts';
import type { Refusal, Submission } from './submission.ts';
import { useBookingTexts } from './texts.ts';
import type { BookingTexts } from './texts/en.ts';
import { useSubmission } from './use-courier.ts';

const refusals = ({ underway }: BookingTexts, { code }: Refusal): string => {
  if (code === 'invalid') return underway.invalid;
  return code === 'unknown-place' || code === 'unknown-show'
    ? underway.unknownPlace
    : underway.refused;
};

const wordsOf = (
  texts: BookingTexts,
  submission: Submission<unknown, unknown>,
): string | undefined => {
  if (submission.at === 'sending') return texts.underway.sending;
  if (submission.at === 'waiting') return texts.underway[submission.why];
  return submission.at === 'refused' ? refusals(texts, submission.refusal) : undefined;
};

/**
 * What became of a request for seats, wherever in the page the customer is, also after a reload. When
 * it is taken in it leads to the booking.
 */
export const Underway = () => {
  const texts = useBookingTexts();
  const submission = useSubmission(desk);
  useEffect(() => {
    if (submission.at !== 'answered') return;
    const { bookingId, token } = submission.answer;
    keepToken(bookingId, token);
    desk.read();
    go(addresses.booking.to({ id: bookingId }));
  }, [submission]);
  const words = wordsOf(texts, submission);
  return (
    <section
      className={words === undefined ? 'unseen' : 'underway'}
      aria-label={texts.underway.label}
    >
      <p role="status">{words}</p>
      {submission.at === 'waiting' && (
        <button type="button" onClick={desk.wake}>
          {texts.underway.now}
        </button>
      )}
      {submission.at === 'refused' && (
        <button type="button" onClick={desk.read}>
          {texts.underway.read}
        </button>
      )}
    </section>
  );
};
