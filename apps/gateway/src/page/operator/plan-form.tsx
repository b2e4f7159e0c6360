import { Field } from '@ensemble/ui';
import { useTexts } from '../texts.ts';
import type { Plan, PlannedSection } from './plan.ts';

const fresh: PlannedSection = { name: '', price: '', rows: 10, seats: 20 };

const Text = ({
  label,
  value,
  onChange,
  ...rest
}: {
  label: string;
  value: string | number;
  onChange: (value: string) => void;
  type?: string;
  min?: number;
  max?: number;
  maxLength?: number;
  pattern?: string;
  inputMode?: 'decimal';
}) => (
  <Field label={label}>
    {(ids) => (
      <input
        {...ids}
        {...rest}
        required
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);

const SectionFields = ({
  section,
  index,
  onChange,
  onRemove,
}: {
  section: PlannedSection;
  index: number;
  onChange: (section: PlannedSection) => void;
  onRemove: (() => void) | undefined;
}) => {
  const { form: texts } = useTexts().operator;
  return (
    <fieldset>
      <legend>{texts.section(index + 1)}</legend>
      <div className="fields">
        <Text
          label={texts.name}
          value={section.name}
          maxLength={40}
          onChange={(name) => onChange({ ...section, name })}
        />
        <Text
          label={texts.price}
          value={section.price}
          inputMode="decimal"
          pattern="[0-9]{1,6}([.,][0-9]{1,2})?"
          onChange={(price) => onChange({ ...section, price })}
        />
        <Text
          label={texts.rows}
          value={section.rows}
          type="number"
          min={1}
          max={100}
          onChange={(rows) => onChange({ ...section, rows: Number(rows) })}
        />
        <Text
          label={texts.seats}
          value={section.seats}
          type="number"
          min={1}
          max={999}
          onChange={(seats) => onChange({ ...section, seats: Number(seats) })}
        />
      </div>
      {onRemove && (
        <button type="button" onClick={onRemove}>
          {texts.remove}
        </button>
      )}
    </fieldset>
  );
};

/** A show, typed: what, where, when, and its sections of equal rows. */
export const PlanForm = ({ plan, onChange }: { plan: Plan; onChange: (plan: Plan) => void }) => {
  const { form: texts } = useTexts().operator;
  const { sections } = plan;
  return (
    <>
      <div className="fields">
        <Text
          label={texts.title}
          value={plan.title}
          maxLength={120}
          onChange={(title) => onChange({ ...plan, title })}
        />
        <Text
          label={texts.venue}
          value={plan.venue}
          maxLength={120}
          onChange={(venue) => onChange({ ...plan, venue })}
        />
        <Text
          label={texts.startsAt}
          type="datetime-local"
          value={plan.startsAt}
          onChange={(startsAt) => onChange({ ...plan, startsAt })}
        />
        <Text
          label={texts.currency}
          value={plan.currency}
          pattern="[A-Z]{3}"
          maxLength={3}
          onChange={(currency) => onChange({ ...plan, currency: currency.toUpperCase() })}
        />
      </div>
      {sections.map((section, index) => (
        <SectionFields
          key={index}
          section={section}
          index={index}
          onChange={(next) => onChange({ ...plan, sections: sections.with(index, next) })}
          onRemove={
            sections.length === 1
              ? undefined
              : () => onChange({ ...plan, sections: sections.toSpliced(index, 1) })
          }
        />
      ))}
      <button type="button" onClick={() => onChange({ ...plan, sections: [...sections, fresh] })}>
        {texts.another}
      </button>
    </>
  );
};

/** Where typing begins. */
export const freshPlan: Plan = {
  title: '',
  venue: '',
  startsAt: '',
  currency: 'EUR',
  sections: [fresh],
};
