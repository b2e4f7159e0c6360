import { hash } from 'node:crypto';
import type { LogRecord } from '@ensemble/log';
import { z } from 'zod';
import { bytesIn, maybe, numberIn, type Row, textIn } from './row.ts';

/**
 * The chain of a topic and partition: each record's hash is SHA-256 over the hash before it and the
 * record's own bytes, so that nothing can be changed, left out or slipped in unnoticed, and who
 * reads the same log arrives at the same hashes. What is hashed, in this order:
 *
 *     the hash before            32 bytes; of the first record {@link genesis}
 *     offset, timestamp          8 bytes each, signed, big endian
 *     key, headers, value        4 bytes of length, then the bytes; the length of null is ffffffff
 *
 * Keys are UTF-8, headers the text of {@link headersText}, values as they are.
 */
export const linkOf = (before: Uint8Array, record: Linked): Uint8Array =>
  hash('sha256', bytesOf(before, record), 'buffer');

/** A record in the form in which it is stored and hashed. */
export interface Linked {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly headers: string;
  readonly value: Uint8Array | null;
}

const none = 0xff_ff_ff_ff;

const bytesOf = (
  before: Uint8Array,
  { offset, timestamp, key, headers, value }: Linked,
): Buffer => {
  const fields = [key, Buffer.from(headers), value];
  const size = fields.reduce((sum, field) => sum + 4 + (field?.byteLength ?? 0), 16);
  const bytes = Buffer.allocUnsafe(before.byteLength + size);
  bytes.set(before);
  let at = before.byteLength;
  at = bytes.writeBigInt64BE(BigInt(offset), at);
  at = bytes.writeBigInt64BE(BigInt(timestamp), at);
  for (const field of fields) {
    at = bytes.writeUInt32BE(field?.byteLength ?? none, at);
    if (field === null) continue;
    bytes.set(field, at);
    at += field.byteLength;
  }
  return bytes;
};

/** What stands before the first record of a topic and partition. */
export const genesis = (topic: string, partition: number): Uint8Array =>
  hash('sha256', `ensemble ledger 1\n${topic}\n${partition}`, 'buffer');

/** Headers as JSON: `[name, value]` pairs, sorted by name, so that equal headers are equal text. */
export const headersText = (headers: LogRecord['headers']): string =>
  JSON.stringify(Object.entries(headers).toSorted(([one], [other]) => (one < other ? -1 : 1)));

const pairs = z.array(z.tuple([z.string(), z.string()]));
/** The headers of their text. */
export const headersOf = (text: string): Record<string, string> =>
  Object.fromEntries(pairs.parse(JSON.parse(text)));

/** A record as it is stored. */
export const linked = ({ offset, timestamp, key, headers, value }: LogRecord): Linked => ({
  offset,
  timestamp,
  key: key === null ? null : Buffer.from(key),
  headers: headersText(headers),
  value,
});

/** A record of the ledger's file. */
export const linkedIn = (row: Row): Linked => ({
  offset: numberIn(row, 'offset'),
  timestamp: numberIn(row, 'timestamp'),
  key: maybe(bytesIn, row, 'key'),
  headers: textIn(row, 'headers'),
  value: maybe(bytesIn, row, 'value'),
});

/** Whether two records that stand at one position are one. */
export const isSame = (one: Linked, other: Linked): boolean =>
  bytesOf(nothing, one).equals(bytesOf(nothing, other));
const nothing = new Uint8Array();
