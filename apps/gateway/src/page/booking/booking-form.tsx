import { Field } from '@ensemble/ui';
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { ShowView } from '../../schemas.ts';
import { CardChoice } from './cards.tsx';
import { book, desk, lastPayer } from './desk.ts';
import { type Faults, faultsAt, payerIn } from './payer.ts';
import { useBookingTexts } from './texts.ts';
import { useSubmission } from './use-courier.ts';

/** What is to be booked, and who is told of it. */
export interface BookingFormProps {
  readonly show: Pick<ShowView, 'showId'>;
  readonly section: string;
  /** Names such as `C-12`, of this section. */
  readonly seats: readonly string[];
  readonly total: ShowView['sections'][number]['price'];
  /** The booking has come to where the choice is of no more use. */
  readonly onDone: () => void;
}

const none: Faults = new Set();

/** Asks for who books and with which card. What becomes of it is told by `Underway`. */
export const BookingForm = ({ show, section, seats, total, onDone }: BookingFormProps) => {
  const texts = useBookingTexts();
  const submission = useSubmission(desk);
  const [found, setFound] = useState(none);
  const form = useRef<HTMLFormElement>(null);
  const [payer] = useState(lastPayer);
  const isUnderway = submission.at === 'sending' || submission.at === 'waiting';
  const faults = useMemo(
    () => (submission.at === 'refused' ? faultsAt(submission.refusal.pointers) : found),
    [submission, found],
  );

  useEffect(() => {
    if (submission.at === 'answered') onDone();
  }, [submission, onDone]);
  useEffect(() => {
    if (faults.size > 0) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [faults]);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const filled = payerIn(new FormData(event.currentTarget));
    setFound(filled.faults);
    if (filled.faults.size > 0) return;
    book({ showId: show.showId, section, seats: [...seats], ...filled.payer });
  };

  return (
    <form ref={form} className="form" onSubmit={submit} noValidate>
      <Field
        label={texts.form.name}
        hint={texts.form.nameHint}
        fault={faults.has('name') ? texts.form.nameMissing : undefined}
      >
        {(ids) => (
          <input
            {...ids}
            name="name"
            autoComplete="name"
            required
            defaultValue={payer?.customer.name}
          />
        )}
      </Field>
      <Field
        label={texts.form.email}
        hint={texts.form.emailHint}
        fault={faults.has('email') ? texts.form.emailMissing : undefined}
      >
        {(ids) => (
          <input
            {...ids}
            name="email"
            type="email"
            autoComplete="email"
            required
            defaultValue={payer?.customer.email}
          />
        )}
      </Field>
      <CardChoice chosen={payer?.card} />
      <button className="primary press" aria-disabled={isUnderway}>
        {isUnderway ? texts.form.sending : texts.form.press(seats.length, total)}
      </button>
      <p className="hint">{texts.form.promise}</p>
    </form>
  );
};
