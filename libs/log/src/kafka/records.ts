import type { IHeaders } from 'kafkajs';
import type { LogRecord } from '../log.ts';

/** A record as kafkajs hands it over. */
export interface Fetched {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly offset: string;
  readonly headers?: IHeaders;
}

/** A record of the port, whatever it holds: reading never fails. */
export const recordOf = (
  topic: string,
  partition: number,
  { key, value, timestamp, offset, headers = {} }: Fetched,
): LogRecord => ({
  topic,
  partition,
  offset: Number(offset),
  timestamp: Number(timestamp),
  key: key === null ? null : key.toString(),
  value,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, headerOf(text)]),
  ),
});

/** Of a header that is there several times the last one counts. */
const headerOf = (text: IHeaders[string]): string => {
  const last = Array.isArray(text) ? text.at(-1) : text;
  return last === undefined ? '' : last.toString();
};
