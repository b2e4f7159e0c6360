import { Field } from '@ensemble/ui';
import { useState } from 'react';
import { linkOf } from './kept.ts';
import { useBookingTexts } from './texts.ts';

/** The link that opens the booking on any device. */
export const KeepLink = ({ bookingId, token }: { bookingId: string; token: string }) => {
  const { link } = useBookingTexts();
  const [isCopied, setCopied] = useState(false);
  const url = linkOf(bookingId, token);
  // Where the browser lets no page write to the clipboard, the link can be copied by hand.
  const copy = (): void =>
    void navigator.clipboard?.writeText(url).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <section className="panel keep-link" aria-labelledby="keep-link">
      <h2 id="keep-link">{link.title}</h2>
      <Field label={link.label} hint={link.says}>
        {(ids) => (
          <input {...ids} readOnly value={url} onFocus={(event) => event.target.select()} />
        )}
      </Field>
      <div className="row">
        <button type="button" onClick={copy}>
          {link.copy}
        </button>
        <span role="status">{isCopied && link.copied}</span>
      </div>
    </section>
  );
};
