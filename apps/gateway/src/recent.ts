import { type AnyEvent, type ReadableRecord, readEvent, Unreadable } from '@ensemble/contracts';

/** The newest records of documents, so many in all; whole documents make room, the idlest first. */
export interface Recent {
  /** @param isFirst whatever else there is of the document is taken too, now or later */
  take(document: string, record: ReadableRecord, options?: { readonly isFirst: boolean }): void;
  /** The events of a document among them, in order of arrival. */
  events(document: string): AnyEvent[];
  /** The same if its first one is among them, so that nothing is missing. */
  whole(document: string): AnyEvent[] | undefined;
  size(): number;
  /** How many records were taken so far: the number of the newest. */
  newest(): number;
  /** The highest number of a record that had to go. */
  lostUpTo(): number;
}

interface Kept {
  readonly records: { readonly number: number; readonly record: ReadableRecord }[];
  isWhole: boolean;
}

const recordsPerDocument = 1_000;

export const recent = (limit: number): Recent => {
  /** In the order of the last record. */
  const documents = new Map<string, Kept>();
  let size = 0;
  let newest = 0;
  let lostUpTo = 0;

  const events = (document: string): AnyEvent[] =>
    (documents.get(document)?.records ?? []).flatMap(({ record }) => eventOf(record));

  const lose = (number = 0): void => {
    lostUpTo = Math.max(lostUpTo, number);
  };

  const makeRoom = (): void => {
    for (const [document, { records }] of documents) {
      if (size <= limit) return;
      documents.delete(document);
      size -= records.length;
      lose(records.at(-1)?.number);
    }
  };

  return {
    take: (document, record, { isFirst } = { isFirst: false }) => {
      const kept = documents.get(document) ?? { records: [], isWhole: false };
      const { records } = kept;
      documents.delete(document);
      documents.set(document, kept);
      newest += 1;
      records.push({ number: newest, record });
      kept.isWhole ||= isFirst;
      if (records.length > recordsPerDocument) {
        lose(records.shift()?.number);
        kept.isWhole = false;
      } else size += 1;
      makeRoom();
    },
    events,
    whole: (document) => (documents.get(document)?.isWhole === true ? events(document) : undefined),
    size: () => size,
    newest: () => newest,
    lostUpTo: () => lostUpTo,
  };
};

const read = new WeakMap<ReadableRecord, readonly AnyEvent[]>();

/** The event of a record, or none; only what somebody asks for is ever read. */
export const eventOf = (record: ReadableRecord): readonly AnyEvent[] => {
  const known = read.get(record);
  if (known !== undefined) return known;
  const found = readable(record);
  read.set(record, found);
  return found;
};

const readable = (record: ReadableRecord): readonly AnyEvent[] => {
  try {
    const reading = readEvent(record);
    return reading.kind === 'event' ? [reading.event] : [];
  } catch (error) {
    // The services that hear it put it to their dead letters.
    if (error instanceof Unreadable) return [];
    throw error;
  }
};
