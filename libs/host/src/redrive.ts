import {
  deadLetterHeaders,
  deadTopic,
  positionOfRecord,
  redriveTopic,
} from '@ensemble/choreography';
import type { Log, LogRecord, NewRecord } from '@ensemble/log';
import { readUntil } from './read-until.ts';

/** A dead letter as an operator knows it. */
export interface DeadLetter {
  /** The event's id, or the to-do's whose outcome it is; where it stood if it has no id. */
  readonly id: string;
  /** The type of the event, or the name of the to-do. */
  readonly type: string;
  /** Where it stands among the dead letters, `topic/partition/offset`. */
  readonly position: string;
}

/** What a redrive did. */
export interface Redriven {
  readonly service: string;
  readonly count: number;
  readonly letters: readonly DeadLetter[];
  /** Dead letters that had been redriven before and were left alone. */
  readonly skipped: number;
}

const originOf = ({ headers }: LogRecord): string =>
  [deadLetterHeaders.topic, deadLetterHeaders.partition, deadLetterHeaders.offset]
    .map((name) => headers[name] ?? '')
    .join('/');

const toDoIdOf = ({ value }: LogRecord): string | undefined => {
  try {
    const { id } = JSON.parse(Buffer.from(value ?? []).toString()) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
};

const describe = (record: LogRecord): DeadLetter => {
  const toDo = record.headers[deadLetterHeaders.came];
  const id = toDo === undefined ? record.headers['ce_id'] : toDoIdOf(record);
  return {
    id: id ?? originOf(record),
    type: toDo ?? record.headers['ce_type'] ?? 'unknown',
    position: positionOfRecord(record),
  };
};

const again = (service: string, record: LogRecord): NewRecord => ({
  topic: redriveTopic(service),
  key: record.key,
  // Its home is where it died: a to-do's outcome has no key that would lead there.
  partition: record.partition,
  value: record.value,
  headers: { ...record.headers, [deadLetterHeaders.redriveOf]: positionOfRecord(record) },
});

/**
 * Puts the dead letters of a service back, for that service alone: the same key and bytes on
 * `<service>.redrive`, each once. One that is asked for by id is put back even if it was before.
 * @param options.id the id of an event or to-do, or where it stood first, `topic/partition/offset`
 */
export const redrive = async (
  log: Log,
  service: string,
  { id }: { id?: string | undefined } = {},
): Promise<Redriven> => {
  const [dead, back] = [deadTopic(service), redriveTopic(service)];
  await log.declare([{ name: dead }, { name: back }]);
  const ends = await log.ends([dead, back]);

  const before = new Set<string>();
  await readUntil(log, back, ends, ({ headers }) => {
    before.add(headers[deadLetterHeaders.redriveOf] ?? '');
  });

  const letters: DeadLetter[] = [];
  let skipped = 0;
  const put = async (record: LogRecord): Promise<void> => {
    await log.append([again(service, record)]);
    letters.push(describe(record));
  };
  // One that died again and again has many dead letters: the newest stands for all.
  let named: LogRecord | undefined;
  await readUntil(log, dead, ends, async (record) => {
    if (id !== undefined) {
      if (describe(record).id === id || originOf(record) === id) named = record;
    } else if (before.has(positionOfRecord(record))) skipped += 1;
    else await put(record);
  });
  if (named !== undefined) await put(named);
  return { service, count: letters.length, letters, skipped };
};
