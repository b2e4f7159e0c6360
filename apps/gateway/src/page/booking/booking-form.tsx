import { Field, Link, useReading } from '@ensemble/ui';
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { ShowView } from '../../schemas.ts';
import { mapOf } from '../addresses.ts';
import { sectionName } from '../texts.ts';
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

/** What is about to be booked, and the way back to choosing. */
const Choice = ({ show, section, seats, total }: Omit<BookingFormProps, 'onDone'>) => {
  const { form, facts } = useBookingTexts();
  const { formats } = useReading();
  return (
    <section className="panel" aria-labelledby="to-book">
      <h2 id="to-book">{form.choice}</h2>
      <dl className="facts">
        <div>
          <dt>{facts.section}</dt>
          <dd>{sectionName(section)}</dd>
        </div>
        <div>
          <dt>{facts.seats}</dt>
          <dd>{formats.list(seats)}</dd>
        </div>
        <div>
          <dt>{facts.total}</dt>
          <dd>
            <strong className="number">{formats.money(total)}</strong>
          </dd>
        </div>
      </dl>
      <Link to={mapOf({ showId: show.showId, section }, seats)}>{form.change}</Link>
    </section>
  );
};

/** Asks for who books and with which card. What becomes of it is told by `Underway`. */
export const BookingForm = ({ onDone, ...choice }: BookingFormProps) => {
  const { show, section, seats, total } = choice;
  const texts = useBookingTexts();
  const submission = useSubmission(desk);
  const [found, setFound] = useState(none);
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [payer] = useState(lastPayer);
  const isUnderway = submission.at === 'sending' || submission.at === 'waiting';
  const faults = useMemo(
    () => (submission.at === 'refused' ? faultsAt(submission.refusal.pointers) : found),
    [submission, found],
  );

  // Who came by a button that is no more goes on reading here.
  useEffect(() => heading.current?.focus(), []);
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
    <div className="booking-columns">
      <section className="panel" aria-labelledby="booking-form">
        <h2 id="booking-form" ref={heading} tabIndex={-1}>
          {texts.form.title}
        </h2>
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
      </section>
      <Choice {...choice} />
    </div>
  );
};
