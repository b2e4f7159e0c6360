import type { Commit } from '@ensemble/store';
import { attribute, type SpanRecord, spanIdOf } from '@ensemble/telemetry';
import type { Stage } from '@ensemble/testing/stage';

const spansIn = (service: string, { cause, says, at, partition }: Commit): SpanRecord[] =>
  says.map(({ topic, key, headers }) => {
    const { ce_id: id = '', ce_type: type = '', ce_correlationid: about = '' } = headers;
    return {
      // What is said in one commit is said in one trace.
      traceId: cause.padEnd(32, '0').slice(0, 32),
      spanId: spanIdOf(id),
      service,
      name: `create ${type}`,
      kind: 'producer',
      startMs: at,
      endMs: at,
      status: 'unset',
      attributes: {
        [attribute.messageId]: id,
        [attribute.conversationId]: about,
        [attribute.causationId]: cause,
        [attribute.eventType]: type,
        [attribute.destination]: topic,
        [attribute.partition]: partition,
        [attribute.key]: key,
      },
      links: [],
    };
  });

/**
 * The spans in which services decide their events, as their commits tell of them: what is on the
 * log is not asked.
 */
export const createSpansOf = (stage: Stage, services: readonly string[]): SpanRecord[] =>
  services.flatMap((service) =>
    [...stage.store(service).commits.values()].flatMap((texts) =>
      texts.flatMap((text) => spansIn(service, JSON.parse(text) as Commit)),
    ),
  );
