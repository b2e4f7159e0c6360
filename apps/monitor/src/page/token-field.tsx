import { Field } from '@ensemble/ui';

/** Where an operator shows who he is. */
export const TokenField = ({
  value,
  onChange,
}: {
  value: string;
  onChange: (value: string) => void;
}) => (
  <Field
    label="Your operator’s token"
    hint="Kept until this window closes. The token says who you are."
  >
    {(field) => (
      <input
        {...field}
        type="password"
        required
        autoComplete="off"
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);
