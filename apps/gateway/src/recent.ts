import { type AnyEvent, readEvent, Unreadable } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';

/** The newest records of documents, so many in all; whole documents make room, the idlest first. */
export interface Recent {
  take(document: string, record: LogRecord): void;
  /** The events of a document among them, in order of arrival. */
  events(document: string): AnyEvent[];
  size(): number;
  /** How many records were taken so far: the number of the newest. */
  newest(): number;
  /** The highest number of a record that had to go. */
  lostUpTo(): number;
}

const recordsPerDocument = 1_000;

export const recent = (limit: number): Recent => {
  /** In the order of the last record. */
  const documents = new Map<string, { number: number; record: LogRecord }[]>();
  let size = 0;
  let newest = 0;
  let lostUpTo = 0;

  const lose = (number = 0): void => {
    lostUpTo = Math.max(lostUpTo, number);
  };

  const makeRoom = (): void => {
    for (const [document, records] of documents) {
      if (size <= limit) return;
      documents.delete(document);
      size -= records.length;
      lose(records.at(-1)?.number);
    }
  };

  return {
    take: (document, record) => {
      const records = documents.get(document) ?? [];
      documents.delete(document);
      documents.set(document, records);
      newest += 1;
      records.push({ number: newest, record });
      if (records.length > recordsPerDocument) lose(records.shift()?.number);
      else size += 1;
      makeRoom();
    },
    events: (document) => (documents.get(document) ?? []).flatMap(({ record }) => eventOf(record)),
    size: () => size,
    newest: () => newest,
    lostUpTo: () => lostUpTo,
  };
};

const read = new WeakMap<LogRecord, readonly AnyEvent[]>();

/** The event of a record, or none; only what somebody asks for is ever read. */
export const eventOf = (record: LogRecord): readonly AnyEvent[] => {
  const known = read.get(record);
  if (known !== undefined) return known;
  const found = readable(record);
  read.set(record, found);
  return found;
};

const readable = (record: LogRecord): readonly AnyEvent[] => {
  try {
    const reading = readEvent(record);
    return reading.kind === 'event' ? [reading.event] : [];
  } catch (error) {
    // The services that hear it put it to their dead letters.
    if (error instanceof Unreadable) return [];
    throw error;
  }
};
