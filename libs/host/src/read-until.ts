import type { Log, LogRecord, Offsets } from '@ensemble/log';

/** Hands over what stood on a topic when its ends were asked for, and nothing that came since. */
export const readUntil = async (
  log: Log,
  topic: string,
  ends: Offsets,
  take: (record: LogRecord) => Promise<void> | void,
): Promise<void> => {
  const failed = Promise.withResolvers<never>();
  const reader = log.read({
    topics: [topic],
    from: 'start',
    onRecords: async (records) => {
      try {
        for (const record of records) {
          if (record.offset < (ends[topic]?.[record.partition] ?? 0)) await take(record);
        }
      } catch (error) {
        failed.reject(error);
      }
    },
  });
  try {
    await Promise.race([reader.caughtUp, failed.promise]);
  } finally {
    await reader.stop();
  }
};
