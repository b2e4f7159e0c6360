import type { Log, LogRecord } from '@ensemble/log';
import type { Store } from '@ensemble/store';
import { isGarbage } from './garbage.ts';

/** A version that the old code does not know is so much higher than the one that stands on the log. */
const ahead = 1_000;
const name = 'ce_dataschema';

const withVersion = <R extends Pick<LogRecord, 'headers'>>(
  record: R,
  change: (version: number) => number,
): R => {
  const { [name]: schema = '' } = record.headers;
  const [, stem, version] = /^(.*:v)(\d+)$/.exec(schema) ?? [];
  if (stem === undefined) return record;
  return { ...record, headers: { ...record.headers, [name]: stem + change(Number(version)) } };
};

/** Whether an event has a version that old code does not know. */
export const isNewer = (record: Pick<LogRecord, 'headers'>): boolean =>
  Number(/:v(\d+)$/.exec(record.headers[name] ?? '')?.[1]) >= ahead;

/** A quarter of all events, each time the same ones. */
const isChanged = ({ headers }: LogRecord): boolean =>
  (headers['ce_id']?.charCodeAt(0) ?? 1) % 4 === 0;
const asKnown = <R extends Pick<LogRecord, 'headers'>>(record: R): R =>
  withVersion(record, (version) => version % ahead);
/** Garbage must be told at once: of a newer version it would wait in place of what it imitates. */
const asNewer = (record: LogRecord): LogRecord => {
  if (isGarbage(record)) return asKnown(record);
  return isChanged(record) && !isNewer(record)
    ? withVersion(record, (version) => version + ahead)
    : record;
};

/**
 * What a process is given in the middle of a rolling upgrade. The old code finds some of the events
 * that its service hears in a version that it does not know; the new code knows them all, also those
 * that the old one put aside.
 */
export const inUpgrade = (
  { log, store }: { log: Log; store: Store },
  { service, isOld }: { service: string; isOld: boolean },
): { log: Log; store: Store } => ({
  log: {
    ...log,
    consume: (options) => {
      if (options.group !== service) return log.consume(options);
      const seen = isOld ? asNewer : asKnown;
      return log.consume({
        ...options,
        handle: (batch) => options.handle({ ...batch, records: batch.records.map(seen) }),
      });
    },
  },
  store: {
    ...store,
    parked: async (partition) => {
      const inputs = await store.parked(partition);
      if (isOld) return inputs;
      return inputs.map((parked) => {
        const { record, ...rest } = parked.input as unknown as { record?: LogRecord };
        const input = record === undefined ? rest : { ...rest, record: asKnown(record) };
        return { ...parked, input: input as unknown as typeof parked.input };
      });
    },
  },
});
