import { Field } from '@ensemble/ui';
import { type SubmitEvent, useState } from 'react';
import { useTexts } from './texts.ts';

/** Asks once for the token of the steward or gate. */
export const TokenForm = ({ onToken }: { onToken: (token: string) => void }) => {
  const { token: texts } = useTexts();
  const [fault, setFault] = useState<string>();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('token');
    const token = typeof given === 'string' ? given.trim() : '';
    if (/^[\x21-\x7e]+$/.test(token)) onToken(token);
    else setFault(texts.fault);
  };
  return (
    <form className="panel form" onSubmit={submit} noValidate>
      <p>{texts.why}</p>
      <Field label={texts.label} hint={texts.hint} fault={fault}>
        {(ids) => <input {...ids} name="token" type="password" autoComplete="off" required />}
      </Field>
      <div className="row">
        <button type="submit" className="primary">
          {texts.use}
        </button>
      </div>
    </form>
  );
};
