import { describe, expect, it } from '@jest/globals';
import { CloudEvent, Kafka } from 'cloudevents';
import { readEvent, writeEvent } from './envelope.ts';
import { exampleOf } from './example.ts';
import { eventTypes } from './events.ts';

describe.each(eventTypes)('%s', (type) => {
  const event = exampleOf(type);
  const message = writeEvent(event);

  it('is a CloudEvent to the SDK', () => {
    const read = Kafka.toEvent({ ...message, body: message.value }) as CloudEvent;
    expect(read.validate()).toBe(true);
    expect(read.toJSON()).toEqual({
      specversion: '1.0',
      id: event.id,
      type,
      source: event.source,
      time: '2026-11-21T12:00:00.000Z',
      datacontenttype: 'application/json',
      dataschema: `urn:ensemble:event:${type}:v${event.version}`,
      subject: event.correlationId,
      correlationid: event.correlationId,
      causationid: event.causationId,
      sequence: '1',
      traceparent: event.traceparent,
      partitionkey: event.key,
      data: event.data,
    });
  });

  it('is read when the SDK wrote it', () => {
    const { headers, key, value } = Kafka.binary(
      new CloudEvent({
        id: event.id,
        type,
        source: event.source,
        time: new Date(event.time).toISOString(),
        datacontenttype: 'application/json',
        dataschema: `urn:ensemble:event:${type}:v${event.version}`,
        correlationid: event.correlationId,
        causationid: event.causationId,
        sequence: String(event.sequence),
        traceparent: event.traceparent,
        partitionkey: event.key,
        data: event.data,
      }),
    );
    const record = {
      topic: message.topic,
      key: String(key),
      headers: headers as Record<string, string>,
      value: Buffer.from(JSON.stringify(value)),
      timestamp: event.time,
    };
    expect(readEvent(record)).toEqual({ kind: 'event', event });
  });
});
