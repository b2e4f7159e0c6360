import type { Kind } from './database.ts';

/** SQLite's primary result codes that say something of the file, and what a person can do. */
const causes: Readonly<Record<number, string>> = {
  3: 'access is denied. Give this user the right to read and write it.',
  5: 'another process holds it. End that process.',
  8: 'it is read-only. Make the file and its directory writable for this user.',
  10: 'the disk failed or is full. Check the disk and what is free on it.',
  11: 'it is damaged. Restore it from a backup.',
  13: 'the disk is full, or the file has reached its largest size. Free or allow more space.',
  14: 'it cannot be opened. Its directory must exist and be writable for this user.',
  26: 'it is no SQLite database, or it is damaged. Give another file or restore it.',
};

/** Whether an error comes from the file as a whole, so that every call must expect it. */
export const isAboutTheDisk = (error: unknown): boolean => causeOf(error) !== undefined;

/** Makes clear errors of what SQLite throws about the file; others pass as they are. */
export const unavailability =
  ({ name, Unavailable }: Pick<Kind, 'name' | 'Unavailable'>, file: string) =>
  (error: unknown): unknown => {
    const cause = causeOf(error);
    if (cause === undefined) return error;
    return new Unavailable(`The ${name} ${file} is unavailable: ${cause}`, { cause: error });
  };

const causeOf = (error: unknown): string | undefined => {
  // Not `instanceof Error`: under jest the errors of Node are another realm's.
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errcode' in error) return causes[Number(error.errcode) & 0xff];
  const isClosed = 'code' in error && error.code === 'ERR_INVALID_STATE';
  return isClosed ? 'it was closed. Open it again.' : undefined;
};
