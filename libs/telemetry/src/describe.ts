import { attribute } from './attributes.ts';
import { reasonOf } from './reason.ts';
import type { SpanRecord } from './span-record.ts';
import type { HeardMessage, LateOutcome, Outcome, SaidMessage, TriedToDo } from './telemetry.ts';

/** What a span is called, and what it says of its work. */
export type Described = Pick<SpanRecord, 'name' | 'kind' | 'attributes'>;
type Attributes = Record<string, string | number | boolean>;

/** What became of a piece of work that began at a moment. */
interface Ended {
  readonly outcome: Outcome;
  readonly error: unknown;
  /** In milliseconds since 1970 UTC. */
  readonly at: number;
}

const typeOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

const withError = (attributes: Attributes, error: unknown): Attributes => {
  if (error === undefined) return attributes;
  attributes[attribute.errorType] = typeOf(error);
  attributes[attribute.reason] = reasonOf(error);
  return attributes;
};

/** Names a service's spans by OpenTelemetry's messaging conventions. */
export const describing = ({ service, system }: { service: string; system: string }) => ({
  /** A message that was processed. @param isLost it brought no context that could be read */
  heard: (
    message: HeardMessage,
    { outcome, error, at, isLost }: Ended & { isLost: boolean },
  ): Described => {
    const attributes: Attributes = {
      [attribute.system]: system,
      [attribute.operationType]: 'process',
      [attribute.operationName]: 'process',
      [attribute.destination]: message.topic,
      [attribute.partition]: String(message.partition),
      [attribute.offset]: message.offset,
      [attribute.group]: service,
      [attribute.messageId]: message.id,
      [attribute.conversationId]: message.conversationId,
      [attribute.eventType]: message.type,
      [attribute.trigger]: message.trigger,
      [attribute.outcome]: outcome,
      [attribute.brokerWait]: Math.max(0, at - message.receivedAt),
    };
    if (isLost) attributes[attribute.context] = 'missing';
    return {
      name: `process ${message.type}`,
      kind: 'consumer',
      attributes: withError(attributes, error),
    };
  },

  /** What came of a to-do, heard later than it came. */
  recalled: (
    { id, name, conversationId, trigger }: LateOutcome,
    outcome: Outcome,
    error: unknown,
  ): Described => ({
    name: `hear ${name}`,
    kind: 'internal',
    attributes: withError(
      {
        [attribute.conversationId]: conversationId,
        [attribute.toDo]: id,
        [attribute.toDoName]: name,
        [attribute.trigger]: trigger,
        [attribute.outcome]: outcome,
      },
      error,
    ),
  }),

  /** A to-do that was tried, or a reminder that fired. */
  tried: (toDo: TriedToDo, { outcome, error, at }: Ended): Described => {
    const { isReminder, reaches, attempt } = toDo;
    const attributes: Attributes = {
      [attribute.conversationId]: toDo.conversationId,
      [attribute.toDo]: toDo.id,
      [attribute.toDoName]: toDo.name,
      [attribute.attempt]: attempt,
      [attribute.trigger]: isReminder ? 'timer' : attempt > 1 ? 'retry' : 'event',
      [attribute.outcome]: outcome,
    };
    if (reaches !== undefined) attributes[attribute.peer] = reaches;
    if (isReminder) attributes[attribute.lateness] = Math.max(0, at - toDo.dueAt);
    return {
      name: `${isReminder ? 'fire' : 'do'} ${toDo.name}`,
      kind: reaches === undefined ? 'internal' : 'client',
      attributes: withError(attributes, error),
    };
  },

  /** An event that was decided. */
  created: ({ topic, key, headers }: SaidMessage): Described => {
    const type = headers['ce_type'] ?? '';
    return {
      name: `create ${type}`,
      kind: 'producer',
      attributes: {
        [attribute.system]: system,
        [attribute.operationType]: 'create',
        [attribute.operationName]: 'create',
        [attribute.destination]: topic,
        [attribute.key]: key,
        [attribute.messageId]: headers['ce_id'] ?? '',
        [attribute.conversationId]: headers['ce_correlationid'] ?? '',
        [attribute.causationId]: headers['ce_causationid'] ?? '',
        [attribute.eventType]: type,
      },
    };
  },
});
