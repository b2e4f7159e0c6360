import type { IHeaders } from 'kafkajs';
import type { LogRecord } from '../log.ts';
import './record-headers.ts';

/** A record as kafkajs hands it over. */
export interface Fetched {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly offset: string;
  /** Text each, as `record-headers.ts` reads them. */
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
  headers: headers as LogRecord['headers'],
});
