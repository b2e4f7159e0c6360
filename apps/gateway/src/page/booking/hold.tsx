import { Announcer } from '@ensemble/ui';
import { useState } from 'react';
import { clockFace, leftAt } from './countdown.ts';
import { useBookingTexts } from './texts.ts';

/**
 * The time that is left of a hold, by the server's clock. It is seen every second, and said aloud
 * only when a mark is passed.
 */
export const Hold = ({ until, now }: { until: number; now: number }) => {
  const { hold } = useBookingTexts();
  const { seconds, isUrgent, spoken } = leftAt(until, now);
  const [first] = useState(spoken);
  const isPassed = spoken !== undefined && spoken !== first;
  return (
    <>
      <p className={isUrgent ? 'hold urgent' : 'hold'} role="timer" aria-live="off">
        {seconds > 0 ? hold.left : hold.over}
        {seconds > 0 && <strong className="number"> {clockFace(seconds)}</strong>}
      </p>
      <Announcer says={isPassed ? hold.spoken(spoken / 60_000) : ''} />
    </>
  );
};
