import {
  ask,
  Dialog,
  Field,
  forgetToken,
  operatorToken,
  plural,
  Refused,
  rememberToken,
  Trouble,
} from '@ensemble/ui';
import { useState } from 'react';
import type { DeadCommand, DeadCommandView } from '../../views.ts';
import { TokenField } from '../token-field.tsx';

export type Act = 'redrive' | 'discard';

const words = {
  redrive: {
    title: 'Redrive',
    does: 'The same bytes are given to the service once more, which decides on them anew.',
    done: 'redriven',
  },
  discard: {
    title: 'Discard',
    does: 'They are taken off this list for good. They stay in the ledger.',
    done: 'discarded',
  },
} as const;

const told = (act: Act, { done, failed }: DeadCommandView): string => {
  const good = `${plural(done.length, 'letter')} ${words[act].done}.`;
  const bad = failed.map(({ id, why }) => `${id} not: ${why}`);
  return [good, ...bad].join(' ');
};

/** Asks who decides and why, and does it. */
export const Decide = ({
  act,
  ids,
  onClose,
  onDone,
}: {
  act: Act;
  ids: readonly string[];
  onClose: () => void;
  onDone: (words: string) => void;
}) => {
  const [why, setWhy] = useState('');
  const [typed, setTyped] = useState('');
  const [isKnown, setIsKnown] = useState(operatorToken() !== undefined);
  const [isAsking, setIsAsking] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const { title, does } = words[act];

  const decide = async (): Promise<void> => {
    const token = operatorToken() ?? typed.trim();
    setIsAsking(true);
    setRefused(undefined);
    try {
      const command: DeadCommand = { ids, why: why.trim() };
      const outcome = await ask<DeadCommandView>(`/api/dead/${act}`, {
        method: 'POST',
        body: command,
        token,
      });
      rememberToken(token);
      onDone(told(act, outcome));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 401 || error.status === 403) {
        forgetToken();
        setIsKnown(false);
      }
      setRefused(error);
      setIsAsking(false);
    }
  };

  return (
    <Dialog title={`${title} ${plural(ids.length, 'letter')}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void decide();
        }}
      >
        <p>{does} Who did it and why goes into the audit log.</p>
        <Field label="Why">
          {(field) => (
            <input
              {...field}
              required
              maxLength={200}
              autoComplete="off"
              value={why}
              onChange={({ target }) => setWhy(target.value)}
            />
          )}
        </Field>
        {!isKnown && <TokenField value={typed} onChange={setTyped} />}
        {refused && <Trouble refused={refused} />}
        <div className="row">
          <button type="submit" className="primary" disabled={isAsking}>
            {title}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
};
