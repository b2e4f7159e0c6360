import { deadLetterHeaders } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { readTraceParent } from '@ensemble/telemetry';

/** What a record is found by; null where it says nothing of it. */
export interface About {
  /** The correlation id: a booking's id, or of a fact about a section its key. */
  readonly booking: string | null;
  /** The type of the event; of a to-do's outcome that died the to-do's name. */
  readonly type: string | null;
  /** Who said it; of a dead letter or its redrive whose it is. */
  readonly service: string | null;
  /** The trace in which it was decided. */
  readonly trace: string | null;
}

const source = /^\/ensemble\/(.+)$/;
const ownTopic = /^(.+)\.(?:dead|redrive)$/;

/** Reads what a record is about, whoever wrote it: nothing of it is believed, it is only found. */
export const aboutOf = ({
  topic,
  key,
  headers,
}: Pick<LogRecord, 'topic' | 'key' | 'headers'>): About => {
  const isOutcome = headers[deadLetterHeaders.came] !== undefined;
  const said = headers['ce_source'];
  return {
    booking: headers['ce_correlationid'] ?? (isOutcome ? (key ?? null) : null),
    type: headers['ce_type'] ?? headers[deadLetterHeaders.came] ?? null,
    service: ownTopic.exec(topic)?.[1] ?? (said && (source.exec(said)?.[1] ?? said)) ?? null,
    trace: readTraceParent(headers['ce_traceparent'])?.traceId ?? null,
  };
};
