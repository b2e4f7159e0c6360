import type { Kept } from './keeping.ts';
import { useTexts } from './texts.ts';

/** What this door has to tell yet, and what turned out to be wrong with what it did alone. */
export const Account = ({
  kept: { entries, pending, troubles },
  onDismiss,
}: {
  kept: Kept;
  onDismiss: (key: string) => void;
}) => {
  const { account: texts } = useTexts();
  return (
    <section className="panel account" aria-label={texts.title}>
      <p role="status">
        {texts.let(entries.length)}
        {pending.length > 0 && <strong> {texts.pending(pending.length)}</strong>}
      </p>
      {troubles.length > 0 && (
        <>
          <h2>{texts.troubles}</h2>
          <ul>
            {troubles.map(({ key, seats, section, at, why, admitted }) => (
              <li key={key}>
                <p>{texts.trouble({ seats, section, at, why })}</p>
                {admitted.map((first) => (
                  <p key={first.seat}>{texts.first(first.seat, first.at, first.by)}</p>
                ))}
                <button type="button" onClick={() => onDismiss(key)}>
                  {texts.dismiss}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
};
