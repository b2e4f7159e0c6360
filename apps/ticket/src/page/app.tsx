import { LanguageSwitch, Title } from '@ensemble/ui';
import { DoorView } from './door.tsx';
import { useTexts } from './texts.ts';
import { TokenForm } from './token-form.tsx';
import { useToken } from './use-door.ts';

/** The page of a door: who stands there, and then whoever comes. */
export const App = () => {
  const texts = useTexts();
  const [token, setToken] = useToken();
  return (
    <>
      <header className="masthead">
        <span className="name">{texts.name}</span>
        <LanguageSwitch />
      </header>
      <main id="main" className="door">
        <Title window={texts.window}>{texts.title}</Title>
        {token === null ? (
          <TokenForm onToken={setToken} />
        ) : (
          <DoorView token={token} onNoSteward={() => setToken(null)} />
        )}
      </main>
    </>
  );
};
