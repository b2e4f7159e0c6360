import type { Tone } from '@ensemble/ui';
import type { About, Verdict } from './doorkeeper.ts';
import { useTexts } from './texts.ts';
import type { AtDoor } from './use-door.ts';

const tones: Readonly<Record<Verdict['kind'], Exclude<Tone, 'neutral' | 'notice'>>> = {
  in: 'good',
  unchecked: 'warning',
  again: 'bad',
  revoked: 'bad',
  'other-show': 'bad',
  'no-ticket': 'bad',
  'unknown-ticket': 'bad',
  'no-steward': 'warning',
  cannot: 'warning',
};
/** Large, and different in shape: nobody has to see a colour. */
const marks = { good: '✓', warning: '▲', bad: '✕' } as const;

const aboutOf = (verdict: Verdict): About | undefined => {
  if (verdict.kind === 'in') return verdict.admission;
  if (verdict.kind === 'unchecked') return verdict.claims;
  return 'about' in verdict ? verdict.about : undefined;
};

const admittedOf = (verdict: Verdict) => {
  if (verdict.kind === 'in') return verdict.admission.before;
  return 'before' in verdict ? verdict.before : 'admitted' in verdict ? verdict.admitted : [];
};

const Said = ({ verdict, onNoSteward }: { verdict: Verdict; onNoSteward: () => void }) => {
  const texts = useTexts();
  const { title, says } = texts.verdicts[verdict.kind];
  const about = aboutOf(verdict);
  const admitted = admittedOf(verdict);
  const tone = tones[verdict.kind];
  return (
    <div className={`said ${tone}`}>
      <p className="mark" aria-hidden="true">
        {marks[tone]}
      </p>
      <div className="words">
        <p className="headline">{title}</p>
        {about && (
          <p className="where">
            <strong>{texts.seats(about.seats)}</strong>
            <span>{texts.section(about.section)}</span>
          </p>
        )}
        {says && <p>{says}</p>}
        {verdict.kind === 'cannot' && <p>{verdict.why || texts.noKeys}</p>}
        {admitted.length > 0 && (
          <ul>
            {admitted.map(({ seat, at, by }) => (
              <li key={seat}>{texts.cameIn(seat, at, by)}</li>
            ))}
          </ul>
        )}
        {about && <p className="soft">{texts.show(about.startsAt, about.show)}</p>}
        {verdict.kind === 'no-steward' && (
          <button type="button" onClick={onNoSteward}>
            {texts.token.another}
          </button>
        )}
      </div>
    </div>
  );
};

/** Whether to let in: large, by shape and words before colour, and spoken. */
export const VerdictPanel = ({
  verdict,
  isAsking,
  onNoSteward,
}: Pick<AtDoor, 'verdict' | 'isAsking'> & { onNoSteward: () => void }) => {
  const texts = useTexts();
  return (
    <div className="verdict" role="status" aria-busy={isAsking}>
      {isAsking || verdict === undefined ? (
        <p className="empty">{isAsking ? texts.asking : texts.nobody}</p>
      ) : (
        <Said key={verdict.number} verdict={verdict.said} onNoSteward={onNoSteward} />
      )}
    </div>
  );
};
