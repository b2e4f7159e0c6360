/**
 * An `_id` of several parts, each marked off as in a JSON Pointer (RFC 6901), so that different
 * parts never make the same key.
 */
export const keyOf = (...parts: readonly string[]): string => parts.map(marked).join('/');

const marked = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** All keys that begin with these parts and go on, as a range of the index on `_id`. */
export const keysUnder = (...parts: readonly string[]): { $gt: string; $lt: string } => {
  const key = keyOf(...parts);
  // The character behind the slash.
  return { $gt: `${key}/`, $lt: `${key}0` };
};

/** A version as the part of a key: sorted as text it is sorted as a number. */
export const versionKey = (version: number): string => String(version).padStart(16, '0');
