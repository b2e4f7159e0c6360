import { describe, expect, it } from '@jest/globals';
import { attribute } from './attributes.ts';
import { shareOf } from './sampling.ts';
import type { SpanRecord } from './span-record.ts';
import { spanTracing } from './spans.ts';
import type { HeardMessage, Outcome, TriedToDo } from './telemetry.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const created = { traceId, spanId: '00f067aa0ba902b7' };
const traceparent = `00-${traceId}-${created.spanId}-01`;

const message: HeardMessage = {
  topic: 'seat',
  partition: 3,
  offset: 41,
  key: 'hamlet/stalls',
  receivedAt: noon - 5,
  id: 'an event',
  type: 'seat.reserved',
  conversationId: 'a booking',
  time: noon - 10,
  traceparent,
  trigger: 'event',
  maySay: true,
};
const toDo: TriedToDo = {
  id: 'a to-do',
  name: 'confirm',
  conversationId: 'a booking',
  reaches: 'payment provider',
  isReminder: false,
  dueAt: noon,
  attempt: 1,
  trace: traceparent,
};

const stage = ({ ratio = 1 } = {}) => {
  const spans: SpanRecord[] = [];
  let time = noon;
  let ids = 0;
  const telemetry = spanTracing({
    service: 'payment',
    sampling: shareOf(ratio),
    sink: (span) => void spans.push(span),
    system: 'kafka',
    now: () => (time += 1),
    newId: () => (ids += 1).toString(16).padStart(16, '0'),
  });
  return { telemetry, spans };
};
const said = {
  topic: 'payment',
  key: 'hamlet/stalls',
  headers: {
    ce_id: 'c0ffee00c0ffee00deadbeefdeadbeef',
    ce_type: 'payment.received',
    ce_correlationid: 'a booking',
    ce_causationid: 'a to-do',
    ce_traceparent: `00-${traceId}-c0ffee00c0ffee00-01`,
  },
};

describe('a message that is processed', () => {
  it('continues the trace of its event, and is linked to it', () => {
    const { telemetry, spans } = stage();
    telemetry.hear(message).end('decided');
    expect(spans).toEqual([
      {
        traceId,
        spanId: '0000000000000001',
        parentSpanId: created.spanId,
        service: 'payment',
        name: 'process seat.reserved',
        kind: 'consumer',
        startMs: noon + 1,
        endMs: noon + 2,
        status: 'unset',
        links: [created],
        attributes: {
          'messaging.system': 'kafka',
          'messaging.operation.type': 'process',
          'messaging.operation.name': 'process',
          'messaging.destination.name': 'seat',
          'messaging.destination.partition.id': '3',
          'messaging.kafka.offset': 41,
          'messaging.consumer.group.name': 'payment',
          'messaging.message.id': 'an event',
          'messaging.message.conversation_id': 'a booking',
          'cloudevents.event_type': 'seat.reserved',
          'flow.trigger': 'event',
          'flow.outcome': 'decided',
          'flow.wait.broker_ms': 6,
        },
      },
    ]);
  });

  it.each([
    ['retry', {}],
    ['redrive', {}],
    ['event', { time: noon - 61_000 }],
  ] as const)('begins a trace, linked to its event, when it comes late: %s', (trigger, late) => {
    const { telemetry, spans } = stage();
    telemetry.hear({ ...message, ...late, trigger }).end('decided');
    const [span] = spans;
    expect(span).toMatchObject({ parentSpanId: undefined, links: [created] });
    expect(span?.traceId).not.toBe(traceId);
  });

  it.each([undefined, 'hello', 'x'.repeat(1_000_000)])(
    'is a root when its context is missing or none: %#',
    (odd) => {
      const { telemetry, spans } = stage();
      telemetry.hear({ ...message, traceparent: odd }).end('decided');
      expect(spans).toMatchObject([
        { parentSpanId: undefined, links: [], attributes: { [attribute.context]: 'missing' } },
      ]);
    },
  );

  it('leaves no span when it led to nothing, and one when that is unusual', () => {
    const { telemetry, spans } = stage();
    telemetry.hear(message).end('nothing');
    expect(spans).toEqual([]);
    for (const outcome of ['repeated', 'copied', 'withdrawn'] as const) {
      telemetry.hear(message).end(outcome);
    }
    expect(spans.map(({ attributes }) => attributes[attribute.outcome])).toEqual([
      'repeated',
      'copied',
      'withdrawn',
    ]);
  });

  it('that cannot lead to saying leaves its context to what it makes to be done', () => {
    const { telemetry, spans } = stage();
    const work = telemetry.hear({ ...message, maySay: false });
    work.end('decided');
    expect([work.trace, spans]).toEqual([traceparent, []]);
    telemetry.hear({ ...message, maySay: false }).end('parked', new Error('a bug'));
    expect(spans).toMatchObject([{ name: 'process seat.reserved', status: 'error' }]);
  });

  it('names its error without what is somebody’s', () => {
    const { telemetry, spans } = stage();
    telemetry.hear(message).end('parked', new TypeError('no mail to ada@example.org or "Ada"'));
    expect(spans).toMatchObject([
      {
        status: 'error',
        attributes: { 'error.type': 'TypeError', 'flow.reason': 'no mail to … or "…"' },
      },
    ]);
  });
});

describe('an event that is said', () => {
  it('has a span of its own id, in the trace of its decision', () => {
    const { telemetry, spans } = stage();
    telemetry.said(said, { in: traceparent, at: noon });
    telemetry.said(said, { in: traceparent, at: noon });
    expect(spans[0]).toMatchObject({
      traceId,
      spanId: 'c0ffee00c0ffee00',
      parentSpanId: created.spanId,
      name: 'create payment.received',
      kind: 'producer',
      startMs: noon,
      attributes: {
        [attribute.messageId]: said.headers.ce_id,
        [attribute.causationId]: 'a to-do',
      },
    });
    expect({ ...spans[1], endMs: 0 }).toEqual({ ...spans[0], endMs: 0 });
  });

  it('is decided in the trace of its request, which is sampled as the booking is', () => {
    const { telemetry } = stage();
    const unsampled = `${traceparent.slice(0, -2)}00`;
    expect(telemetry.begin('a booking', unsampled)).toBe(traceparent);
  });

  it('begins a trace that a request did not bring', () => {
    const { telemetry, spans } = stage();
    telemetry.said(said, { in: telemetry.begin('a booking'), at: noon });
    expect(spans).toMatchObject([{ parentSpanId: undefined }]);
  });
});

describe('a to-do', () => {
  it('continues the trace of its decision at its first try, and begins one later', () => {
    const { telemetry, spans } = stage();
    telemetry.attempt(toDo).end('failed', new Error('not now'));
    telemetry.attempt({ ...toDo, attempt: 2 }).end('decided');
    expect(spans).toMatchObject([
      {
        name: 'do confirm',
        kind: 'client',
        traceId,
        parentSpanId: created.spanId,
        status: 'error',
        attributes: { 'peer.service': 'payment provider', 'flow.attempt': 1 },
      },
      { parentSpanId: undefined, links: [created], status: 'unset' },
    ]);
  });

  it('that is a reminder says how late it fires', () => {
    const { telemetry, spans } = stage();
    telemetry
      .attempt({ ...toDo, name: 'expire', isReminder: true, reaches: undefined, dueAt: noon - 99 })
      .end('decided');
    expect(spans).toMatchObject([
      { name: 'fire expire', kind: 'internal', attributes: { 'flow.timer.lateness_ms': 100 } },
    ]);
  });
});

describe('what came of a to-do, heard later than it came', () => {
  it.each(['retry', 'redrive'] as const)('begins a trace, linked to its try: %s', (trigger) => {
    const { telemetry, spans } = stage();
    const { id, name, conversationId } = toDo;
    const late = { id, name, conversationId, trigger, trace: traceparent };
    const work = telemetry.recall(late);
    work.end('dead', new Error('a bug'));
    expect(spans).toEqual([
      {
        traceId: expect.not.stringContaining(traceId),
        spanId: expect.any(String),
        parentSpanId: undefined,
        service: 'payment',
        name: 'hear confirm',
        kind: 'internal',
        startMs: noon + 1,
        endMs: noon + 2,
        status: 'error',
        links: [created],
        attributes: {
          'messaging.message.conversation_id': 'a booking',
          'flow.to_do.id': 'a to-do',
          'flow.to_do.name': 'confirm',
          'flow.trigger': trigger,
          'flow.outcome': 'dead',
          'error.type': 'Error',
          'flow.reason': 'a bug',
        },
      },
    ]);
    expect(work.trace).toContain(spans[0]?.traceId);
  });
});

describe('a booking that is not sampled', () => {
  const all: Outcome[] = ['decided', 'nothing', 'repeated', 'copied', 'withdrawn'];
  const troubles: Outcome[] = ['parked', 'dead', 'failed'];

  it('leaves nothing but its troubles, and no context that would travel', () => {
    const { telemetry, spans } = stage({ ratio: 0 });
    telemetry.said(said, { in: traceparent, at: noon });
    const works = [...all.map(() => telemetry.hear(message)), telemetry.attempt(toDo)];
    for (const [index, work] of works.entries()) work.end(all[index] ?? 'decided');
    expect(spans).toEqual([]);
    expect(works.map(({ trace }) => trace)).toEqual(works.map(() => undefined));
    expect(telemetry.begin('a booking', traceparent)).toBeUndefined();
    for (const outcome of troubles) telemetry.hear(message).end(outcome, new Error('a bug'));
    expect(spans).toHaveLength(troubles.length);
  });
});
