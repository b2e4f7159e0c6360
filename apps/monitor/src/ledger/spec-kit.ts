import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRecord } from '@ensemble/log';

/** A directory for one spec, removed at its end. */
export const folder = (): { readonly path: string; [Symbol.dispose](): void } => {
  const path = mkdtempSync(join(tmpdir(), 'ensemble-monitor-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

/** Noon of 2026-11-21, in milliseconds. */
export const noon = Date.UTC(2026, 10, 21, 12);

/** A record at an offset, one second after the one before. */
export const recordAt = (offset: number, more: Partial<LogRecord> = {}): LogRecord => ({
  topic: 'seat',
  partition: 0,
  offset,
  timestamp: noon + offset * 1_000,
  key: 'hamlet/stalls',
  headers: { ce_id: `event-${offset}`, ce_type: 'seat.reserved', ce_source: '/ensemble/seat' },
  value: Buffer.from(`{"number":${offset}}`),
  ...more,
});

/** So many records of one topic and partition. */
export const someRecords = (count: number, more: Partial<LogRecord> = {}): LogRecord[] =>
  Array.from({ length: count }, (_, offset) => recordAt(offset, more));
