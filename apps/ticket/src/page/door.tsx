import { Field } from '@ensemble/ui';
import { type SubmitEvent, useEffect, useRef } from 'react';
import { Account } from './account.tsx';
import { Scanner } from './scanner.tsx';
import { useTexts } from './texts.ts';
import { useDoor } from './use-door.ts';
import { VerdictPanel } from './verdict.tsx';

/** Takes codes, typed or scanned, and says whom to let in. */
export const DoorView = ({ token, onNoSteward }: { token: string; onNoSteward: () => void }) => {
  const texts = useTexts();
  const { kept, verdict, isAsking, show, dismiss } = useDoor(token);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const field = input.current;
    const code = field?.value.trim() ?? '';
    if (field === null || code === '') return;
    // The next one may come before this one is answered.
    field.value = '';
    field.focus();
    show(code);
  };

  return (
    <>
      <form className="code" onSubmit={submit} noValidate>
        <Field label={texts.code.label} hint={texts.code.hint}>
          {(ids) => (
            <input
              {...ids}
              ref={input}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              enterKeyHint="go"
              maxLength={2_000}
            />
          )}
        </Field>
        <button type="submit" className="primary">
          {texts.code.check}
        </button>
      </form>
      <VerdictPanel verdict={verdict} isAsking={isAsking} onNoSteward={onNoSteward} />
      <Scanner onCode={show} />
      <Account kept={kept} onDismiss={dismiss} />
    </>
  );
};
