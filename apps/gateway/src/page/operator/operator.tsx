import { forgetToken, operatorToken, rememberToken, Title } from '@ensemble/ui';
import { useCallback, useState } from 'react';
import { useTexts } from '../texts.ts';
import { OpenShow } from './open-show.tsx';
import { Sales } from './sales.tsx';
import { TokenForm } from './token-form.tsx';

/** What the box office does: puts shows on sale, and sees how they sell. */
export const Operator = () => {
  const texts = useTexts();
  const [token, setToken] = useState(operatorToken);
  const [wasRefused, setWasRefused] = useState(false);
  const leave = useCallback((refused: boolean): void => {
    forgetToken();
    setWasRefused(refused);
    setToken(undefined);
  }, []);
  const refuse = useCallback(() => leave(true), [leave]);
  return (
    <>
      <div className="row apart">
        <Title window={texts.window(texts.operator.title)}>{texts.operator.title}</Title>
        {token !== undefined && (
          <button type="button" onClick={() => leave(false)}>
            {texts.operator.leave}
          </button>
        )}
      </div>
      {token === undefined ? (
        <TokenForm
          wasRefused={wasRefused}
          onToken={(typed) => {
            rememberToken(typed);
            setToken(typed);
          }}
        />
      ) : (
        <>
          <Sales token={token} onRefused={refuse} />
          <OpenShow token={token} onRefused={refuse} />
        </>
      )}
    </>
  );
};
