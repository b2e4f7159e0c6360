/**
 * Every name that spans and metrics of ours carry, in one place: OpenTelemetry's messaging
 * conventions are still in development and may rename what they have. Source:
 * https://opentelemetry.io/docs/specs/semconv/messaging/ (1.44), CloudEvents' own attributes, and
 * `flow.*` where there is no convention.
 */
export const attribute = {
  system: 'messaging.system',
  operationType: 'messaging.operation.type',
  operationName: 'messaging.operation.name',
  destination: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  group: 'messaging.consumer.group.name',
  offset: 'messaging.kafka.offset',
  key: 'messaging.kafka.message.key',
  /** The event's id. */
  messageId: 'messaging.message.id',
  /** The booking's id, on every span of a booking; never on a metric. */
  conversationId: 'messaging.message.conversation_id',
  eventType: 'cloudevents.event_type',
  errorType: 'error.type',
  peer: 'peer.service',
  route: 'http.route',
  /** The id of the event, to-do or request that caused what is decided here. */
  causationId: 'flow.causation.id',
  /** The id of the to-do that is done. */
  toDo: 'flow.to_do.id',
  toDoName: 'flow.to_do.name',
  /** What became of the message: see {@link Outcome}. */
  outcome: 'flow.outcome',
  /** 1 for the first try. */
  attempt: 'flow.attempt',
  trigger: 'flow.trigger',
  /** From the log's receipt of a record to its handling, in milliseconds. */
  brokerWait: 'flow.wait.broker_ms',
  /** How late a reminder fired, in milliseconds. */
  lateness: 'flow.timer.lateness_ms',
  /** `missing` where a record brought no context that could be read. */
  context: 'flow.context',
  reason: 'flow.reason',
} as const;
