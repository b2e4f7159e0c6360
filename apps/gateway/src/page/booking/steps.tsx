import { Moment } from '@ensemble/ui';
import { useBookingTexts } from './texts.ts';
import type { How, Step } from './told.ts';

/** Before the words, so that it is seen without colour. */
const marks: Readonly<Record<How, string>> = {
  done: '✓',
  now: '…',
  yours: '!',
  next: '○',
  not: '✕',
};

/** The way of a booking: what has happened, and what is to come. */
export const Steps = ({ steps, now }: { steps: readonly Step[]; now: number }) => {
  const texts = useBookingTexts();
  return (
    <section className="panel" aria-labelledby="steps">
      <h2 id="steps">{texts.steps}</h2>
      <ol className="steps">
        {steps.map(({ says, how, at }) => (
          <li key={says} className={how}>
            <span className="mark" aria-hidden="true">
              {marks[how]}
            </span>
            <span>
              <span className="unseen">{texts.hows[how]}: </span>
              {texts.says[says]}
            </span>
            {at && <Moment at={Date.parse(at)} now={now} />}
          </li>
        ))}
      </ol>
    </section>
  );
};
