import type { z } from 'zod';

const nouns: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'a boolean',
  array: 'a list',
  object: 'a JSON object',
};
const formats: Readonly<Record<string, string>> = {
  datetime: 'a moment such as 2027-03-01T19:30:00.000Z',
  email: 'an address such as ada@example.org',
};

/** What was found, by its kind only: it may be personal. */
const kindOf = (found: unknown): string => {
  if (found === undefined) return 'nothing';
  if (found === null) return 'null';
  return nouns[Array.isArray(found) ? 'array' : typeof found] ?? 'something else';
};

/** So many of what something consists of; numbers consist of nothing. */
const amount = (count: number | bigint, origin: string): string => {
  const one = count === 1 || count === 1n;
  if (origin === 'string') return one ? '1 character' : `${count} characters`;
  if (origin === 'array') return one ? '1 entry' : `${count} entries`;
  return String(count);
};

/** Plain words for what breaks a schema where the schema has none of its own. */
export const wording: z.core.$ZodErrorMap = (issue) => {
  const { code } = issue;
  if (code === 'too_small') return `expected at least ${amount(issue.minimum, issue.origin)}`;
  if (code === 'too_big') return `expected at most ${amount(issue.maximum, issue.origin)}`;
  if (code === 'invalid_format') return `expected ${formats[issue.format] ?? issue.format}`;
  if (code !== 'invalid_type') return undefined;
  const expected = `expected ${nouns[issue.expected] ?? issue.expected}`;
  return issue.expected === 'int' ? expected : `${expected}, found ${kindOf(issue.input)}`;
};
