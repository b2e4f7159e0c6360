import type { Submission } from './submission.ts';
import { useBookingTexts } from './texts.ts';

/** What became of an act, next to where it was pressed. */
export const Said = ({
  submission: { at, ...submission },
  refused,
  answered,
}: {
  submission: Submission<unknown, unknown>;
  refused: string;
  answered?: string;
}) => {
  const { underway } = useBookingTexts();
  const words = (): string | undefined => {
    if (at === 'answered') return answered;
    if (at === 'refused') return refused;
    return 'why' in submission ? underway[submission.why] : undefined;
  };
  return (
    <p className="said" role="status">
      {words()}
    </p>
  );
};
