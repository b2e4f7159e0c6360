import type { Payer } from './desk.ts';

/** The fields of a form in which something is wrong. */
export type Faults = ReadonlySet<'name' | 'email'>;

/** So it looks; whether somebody reads mail there only the mail tells. */
const isMailAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text);

const faultsOf = ({ customer: { name, email } }: Payer): Faults => {
  const faults = new Set<'name' | 'email'>();
  if (name === '' || name.length > 120) faults.add('name');
  if (!isMailAddress(email)) faults.add('email');
  return faults;
};

/** The fields that the server points at. @param pointers JSON pointers into a booking request */
export const faultsAt = (pointers: readonly string[]): Faults => {
  const faults = new Set<'name' | 'email'>();
  if (pointers.includes('/customer/name')) faults.add('name');
  if (pointers.includes('/customer/email')) faults.add('email');
  return faults;
};

/** Who books, as a form has it, and what is wrong with it. */
export const payerIn = (
  fields: Pick<FormData, 'get'>,
): { readonly payer: Payer; readonly faults: Faults } => {
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const payer = { customer: { name: text('name'), email: text('email') }, card: text('card') };
  return { payer, faults: faultsOf(payer) };
};
