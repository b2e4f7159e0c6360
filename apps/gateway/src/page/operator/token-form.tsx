import { Field } from '@ensemble/ui';
import { useState } from 'react';
import { useTexts } from '../texts.ts';

/** Asks who operates: by a token, which is kept as long as the window is open. */
export const TokenForm = ({
  wasRefused,
  onToken,
}: {
  wasRefused: boolean;
  onToken: (token: string) => void;
}) => {
  const texts = useTexts().operator;
  const [token, setToken] = useState('');
  return (
    <form
      className="panel form token-form"
      onSubmit={(event) => {
        event.preventDefault();
        onToken(token.trim());
      }}
    >
      {wasRefused && (
        <p role="alert" className="trouble">
          {texts.refused}
        </p>
      )}
      <Field label={texts.token} hint={texts.tokenHint}>
        {(ids) => (
          <input
            {...ids}
            type="password"
            autoComplete="off"
            required
            value={token}
            onChange={({ target }) => setToken(target.value)}
          />
        )}
      </Field>
      <button type="submit" className="primary">
        {texts.enter}
      </button>
    </form>
  );
};
