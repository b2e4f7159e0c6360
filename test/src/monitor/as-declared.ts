import { deadLetterHeaders, flowTopic } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import type { VerdictKind } from '@ensemble/monitor';
import { declarationSchema, knowledge } from '@ensemble/monitor/flow';

/** What should not be on a log unless somebody brought it about on purpose. */
export type Unusual = VerdictKind | 'dead letter';

/** So much later than it declares a service may answer: a machine that tests is busy otherwise too. */
const graceMs = 30_000;

const patiently = (record: LogRecord): LogRecord => {
  if (record.topic !== flowTopic || record.value === null) return record;
  const declared = declarationSchema.parse(JSON.parse(Buffer.from(record.value).toString()));
  const promises = declared.promises.map((promise) => ({
    ...promise,
    withinMs: promise.withinMs + graceMs,
  }));
  return { ...record, value: Buffer.from(JSON.stringify({ ...declared, promises })) };
};

/** How what stands on a log differs from what the services declare on it, each in a line. */
export const departuresOf = (
  records: readonly LogRecord[],
): readonly { readonly kind: Unusual; readonly line: string }[] => {
  const partitions = Math.max(1, ...records.map(({ partition }) => partition + 1));
  const monitor = knowledge({ secret: 'of the test', partitions, limit: Infinity });
  for (const record of records) monitor.record(patiently(record));
  // What came too late is a verdict for good: one look at the end sees all.
  monitor.tick(records.reduce((last, { timestamp }) => Math.max(last, timestamp), 0));
  const verdicts = monitor.conformance().verdicts.map(({ kind, sentence, bookingId }) => {
    const about = bookingId === undefined ? '' : ` (booking ${bookingId})`;
    return { kind, line: `${kind}: ${sentence}${about}` };
  });
  const letters = records
    .filter(({ topic }) => topic.endsWith('.dead'))
    .map(({ topic, headers }) => {
      const reason = headers[deadLetterHeaders.reason] ?? 'no reason given';
      return { kind: 'dead letter', line: `dead letter: ${topic}: ${reason}` } as const;
    });
  return [...verdicts, ...letters];
};

/**
 * Holds a log to what the services declare on it.
 * @param expected what the test brings about on purpose
 * @throws Error with all else that it finds
 */
export const mustBeAsDeclared = (
  records: readonly LogRecord[],
  expected: ReadonlySet<Unusual>,
): void => {
  const found = departuresOf(records).filter(({ kind }) => !expected.has(kind));
  if (found.length === 0) return;
  const lines = found.slice(0, 20).map(({ line }) => line);
  throw new Error(
    `expected everything to go as declared, found ${found.length} that did not:\n${lines.join('\n')}`,
  );
};
