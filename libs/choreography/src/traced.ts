import { isEventType } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';
import type { HeardMessage, Outcome, Work } from '@ensemble/telemetry';
import type { Input } from './input.ts';
import type { Settled } from './lane.ts';
import type { Letter } from './letter.ts';
import type { Concerned } from './ports.ts';

/** Of a stranger's header no more than this goes into a span. */
const longest = 200;

type Named = Pick<HeardMessage, 'id' | 'type' | 'time'> & { readonly correlationId: string };

/** What a record that was not read says of itself. */
const namedBy = ({ headers, timestamp }: LogRecord): Named => {
  const header = (name: string): string => (headers[name] ?? '').slice(0, longest);
  const time = Date.parse(header('ce_time'));
  const type = header('ce_type');
  return {
    id: header('ce_id'),
    type: isEventType(type) ? type : 'unknown',
    correlationId: header('ce_correlationid'),
    time: Number.isNaN(time) ? timestamp : time,
  };
};

/** A record as far as tracing goes. @param input what it was read as; without it its headers tell */
export const heardMessage = (
  record: LogRecord,
  { trigger, maySay }: Pick<HeardMessage, 'trigger' | 'maySay'>,
  input?: Input,
): HeardMessage => {
  const { id, type, correlationId, time } = input?.kind === 'event' ? input.event : namedBy(record);
  const { topic, partition, offset, key, timestamp, headers } = record;
  return {
    topic,
    partition,
    offset,
    key: (key ?? '').slice(0, longest),
    receivedAt: timestamp,
    id,
    type,
    conversationId: correlationId,
    time,
    traceparent: headers['ce_traceparent'],
    trigger,
    maySay,
  };
};

/** What a letter is about, for who reads of it in a log. */
export const concernedBy = (letter: Letter): Concerned => {
  if (letter.kind === 'came') return { toDo: letter.answered.id, trace: letter.answered.trace };
  const { id, correlationId } = namedBy(letter.record);
  const { ce_traceparent: trace } = letter.record.headers;
  return { event: id, booking: correlationId, trace: trace?.slice(0, longest) };
};

/** What an input came to, for whoever follows it. */
export const outcomeOf = ({ how, commit }: Settled): Outcome => {
  if (how !== 'decided') return how;
  const { says, does, withdraws } = commit;
  return says.length + does.length + withdraws.length > 0 ? 'decided' : 'nothing';
};

/** An input as it is decided within a piece of work. */
export const within = <I extends Input>({ trace }: Work, input: I): I =>
  trace === undefined ? input : { ...input, trace };
