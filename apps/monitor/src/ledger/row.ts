import type { SQLOutputValue } from 'node:sqlite';

/** A row of the ledger's file, column by column; what stands there is held to its type. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

const unexpected = (row: Row, column: string, what: string): Error =>
  new Error(`expected ${what} in column ${column} of the ledger, found ${typeof row[column]}`);

export const numberIn = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw unexpected(row, column, 'a number');
};

export const textIn = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw unexpected(row, column, 'a text');
};

export const bytesIn = (row: Row, column: string): Uint8Array => {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw unexpected(row, column, 'bytes');
};

/** What may be missing. */
export const maybe = <Value>(
  read: (row: Row, column: string) => Value,
  row: Row,
  column: string,
): Value | null => (row[column] === null ? null : read(row, column));
