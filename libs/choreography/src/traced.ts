import type { LogRecord } from '@ensemble/log';
import type { HeardMessage, Outcome, Work } from '@ensemble/telemetry';
import type { Input } from './input.ts';
import type { Settled } from './lane.ts';
import type { Letter } from './letter.ts';
import type { Concerned } from './ports.ts';

/** Of a stranger's header no more than this goes into a span. */
const longest = 200;

/** A record as far as tracing goes: from its headers alone, for those too that cannot be read. */
export const heardMessage = (
  { topic, partition, offset, key, timestamp, headers }: LogRecord,
  { trigger, maySay }: Pick<HeardMessage, 'trigger' | 'maySay'>,
): HeardMessage => {
  const header = (name: string): string => (headers[name] ?? '').slice(0, longest);
  const time = Date.parse(header('ce_time'));
  return {
    topic,
    partition,
    offset,
    key: (key ?? '').slice(0, longest),
    receivedAt: timestamp,
    id: header('ce_id'),
    type: header('ce_type') || 'unknown',
    conversationId: header('ce_correlationid'),
    time: Number.isNaN(time) ? timestamp : time,
    traceparent: headers['ce_traceparent'],
    trigger,
    maySay,
  };
};

/** What a letter is about, for who reads of it in a log. */
export const concernedBy = (letter: Letter): Concerned => {
  if (letter.kind === 'came') return { toDo: letter.answered.id, trace: letter.answered.trace };
  const { id, conversationId, traceparent } = heardMessage(letter.record, {
    trigger: 'event',
    maySay: true,
  });
  return { event: id, booking: conversationId, trace: traceparent?.slice(0, longest) };
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
