import { flowTopic } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { type Knowledge, knowledge } from '@ensemble/monitor/flow';
import type { Stage } from '@ensemble/testing/stage';

/**
 * All records that a log in memory holds, as they came; the tables first, of which the log keeps
 * only the newest.
 */
export const recordsOf = ({ log }: Pick<Stage, 'log'>): LogRecord[] => {
  const records = [...log.topics.values()].flatMap((topic) => topic.records.flat());
  const rank = ({ topic }: LogRecord): number => (topic === flowTopic ? 0 : 1);
  return records.toSorted((a, b) => rank(a) - rank(b) || a.timestamp - b.timestamp);
};

/** A monitor that knows nothing yet. */
export const newKnowledge = (partitions = 4): Knowledge =>
  knowledge({ secret: 'of the stage', partitions });

/**
 * Tells a monitor of records in the order in which the log received them, and lets it look at the
 * clock every second, also for a while after the last one.
 * @param options.look is called at each of these moments
 */
export const tell = (
  monitor: Knowledge,
  records: readonly LogRecord[],
  {
    look = () => undefined,
    afterMs = 60_000,
  }: { look?: (at: number) => void; afterMs?: number } = {},
): void => {
  let now = Math.min(...records.map(({ timestamp }) => timestamp));
  const tickUntil = (at: number): void => {
    for (; now < at; now += 1_000) {
      monitor.tick(now);
      look(now);
    }
  };
  for (const record of records) {
    if (record.topic !== flowTopic) tickUntil(record.timestamp);
    monitor.record(record);
  }
  tickUntil(now + afterMs);
};
