import { deadLetterHeaders, positionOfRecord, redriveTopic } from '@ensemble/choreography';
import type { LogRecord, NewRecord } from '@ensemble/log';
import type { Mandate } from './put-back.ts';

const { topic, partition, offset, redriveOf, redriveBy, redriveWhy } = deadLetterHeaders;

/** As much of a reason as a header should hold. */
const whyAtMost = 500;

/** Headers of ours that somebody put on a record of an ordinary topic: forged. */
const ours = new Set<string>(Object.values(deadLetterHeaders));
const withoutOurs = (headers: LogRecord['headers']): LogRecord['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ours.has(name)));

const marked = (
  service: string,
  record: LogRecord,
  headers: LogRecord['headers'],
  { by, why }: Mandate,
): NewRecord => ({
  topic: redriveTopic(service),
  key: record.key,
  // Its home is where it stood: a to-do's outcome has no key that would lead there.
  partition: record.partition,
  value: record.value,
  headers: {
    ...headers,
    [redriveOf]: positionOfRecord(record),
    [redriveBy]: by,
    [redriveWhy]: why.slice(0, whyAtMost),
  },
});

/** A dead letter once more, for the service that could not digest it: the same bytes. */
export const revived = (service: string, letter: LogRecord, mandate: Mandate): NewRecord =>
  marked(service, letter, letter.headers, mandate);

/** An event once more, for one service alone: the same bytes, under the name of where it stood. */
export const replayed = (service: string, event: LogRecord, mandate: Mandate): NewRecord => {
  const origin = {
    [topic]: event.topic,
    [partition]: String(event.partition),
    [offset]: String(event.offset),
  };
  return marked(service, event, { ...withoutOurs(event.headers), ...origin }, mandate);
};
