import {
  Dialog,
  forgetToken,
  operatorToken,
  rememberToken,
  Trouble,
  useAnswer,
} from '@ensemble/ui';
import { type ReactNode, useEffect, useState } from 'react';
import { TokenField } from './token-field.tsx';

const AskToken = ({
  onClose,
  onGiven,
}: {
  onClose: () => void;
  onGiven: (token: string) => void;
}) => {
  const [typed, setTyped] = useState('');
  return (
    <Dialog title="Show personal data" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onGiven(typed.trim());
        }}
      >
        <p>Who looked at what goes into the audit log.</p>
        <TokenField value={typed} onChange={setTyped} />
        <div className="row">
          <button type="submit" className="primary">
            Show
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
};

/**
 * Shows what is blotted out to an operator who says who he is. It is asked for once, and not again
 * every second: each time is put down.
 * @param path what is asked in the operator's name
 * @param children shows the answer; undefined while nobody has asked
 */
export const Personal = <View,>({
  path,
  children,
}: {
  path: string;
  children: (shown: View | undefined) => ReactNode;
}) => {
  const [isAsking, setIsAsking] = useState(false);
  const [token, setToken] = useState<string>();
  const { answer, refused } = useAnswer<View>(token === undefined ? null : path, { token });
  const isRefused = token !== undefined && refused !== undefined;
  useEffect(() => {
    if (token !== undefined && answer !== undefined) rememberToken(token);
    if (isRefused) forgetToken();
  }, [token, answer, isRefused]);
  const shown = token === undefined || isRefused ? undefined : answer;
  const begin = (): void => {
    const known = operatorToken();
    if (known === undefined) setIsAsking(true);
    else setToken(known);
  };
  return (
    <>
      {isRefused && <Trouble refused={refused} />}
      <p>
        {shown === undefined ? (
          <button type="button" onClick={begin}>
            Show personal data …
          </button>
        ) : (
          <button type="button" onClick={() => setToken(undefined)}>
            Blot out personal data
          </button>
        )}
      </p>
      {children(shown)}
      {isAsking && (
        <AskToken
          onClose={() => setIsAsking(false)}
          onGiven={(given) => {
            setIsAsking(false);
            setToken(given);
          }}
        />
      )}
    </>
  );
};
