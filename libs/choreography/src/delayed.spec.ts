import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attribute, shareOf, type SpanRecord, spanTracing } from '@ensemble/telemetry';
import { deadTopic, redriveTopic } from './letter.ts';
import { type Running, start } from './runtime.ts';
import { reaction, reminder, say, service, toDo } from './service.ts';
import { bookingOf, eventOf, noon, placeOnly, until, type World, world } from './spec-kit.ts';

const issue = toDo('issue')<null, string>({ firstMs: 1_000, maxMs: 8_000 });
const chase = reminder('chase');
/** What cannot be digested: receipts, and results of to-dos. */
const poison = new Set<string>();
let failures = 0;

/** Says each receipt again, and has a ticket issued or chased a minute later where it says so. */
const ticket = service(
  'ticket',
  { stream: 'booking', version: 1, initial: bookingOf(1), does: [issue, chase] },
  {
    evolve: { 'payment.received': (_place, { data }) => placeOnly(data) },
    on: {
      'payment.received': reaction(['ticket.delayed'], (_place, { data, time }) => {
        if (poison.has(data.receipt)) throw new Error(`cannot digest ${data.receipt}`);
        return [
          say('ticket.delayed', { ...placeOnly(data), reason: data.receipt }),
          ...(data.receipt.includes('issue') ? [issue(null)] : []),
          ...(data.receipt.includes('chase') ? [chase(null, { at: time + 60_000 })] : []),
        ];
      }),
    },
    came: {
      issue: reaction(['ticket.delayed'], (place, came) => {
        const reason = came.ok ? came.result : came.reason;
        if (poison.has(reason)) throw new Error(`cannot digest ${reason}`);
        return [say('ticket.delayed', { ...place, reason })];
      }),
      chase: reaction(['ticket.delayed'], (place) => [
        say('ticket.delayed', { ...place, reason: 'chased' }),
      ]),
    },
  },
);

let running: Running | undefined;
beforeEach(() => {
  poison.clear();
  failures = 0;
});
afterEach(() => running?.stop({ drainMs: 0 }));

/** The service on a world, and the spans that it tells. */
const play = (here: World): SpanRecord[] => {
  const spans: SpanRecord[] = [];
  let ids = 0;
  const telemetry = spanTracing({
    service: 'ticket',
    sampling: shareOf(1),
    sink: (span) => void spans.push(span),
    system: 'ensemble',
    now: () => here.clock.now(),
    newId: () => (ids += 1).toString(16).padStart(16, '0'),
  });
  const effects = {
    issue: async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('not now');
      return 'issued';
    },
  };
  const parking = { firstMs: 1_000, maxMs: 8_000, limit: 2 };
  running = start(ticket, here.ports({ telemetry }), effects, { parking }) as unknown as Running;
  return spans;
};

const paid = (receipt: string) =>
  eventOf(
    'payment.received',
    1,
    { receipt },
    { time: noon, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
  );

/** A line for each span, below its parent; with what it is linked to, and what became of it. */
const shapeOf = (spans: readonly SpanRecord[]): string => {
  const named = new Map(spans.map((span) => [span.spanId, span.name]));
  const below = (parentSpanId: string | undefined, indent: string): string[] =>
    spans.flatMap((span) => {
      const isHere = named.has(span.parentSpanId ?? '')
        ? span.parentSpanId === parentSpanId
        : parentSpanId === undefined;
      if (!isHere) return [];
      const linked = span.links
        .filter((link) => link.spanId !== span.parentSpanId)
        .map((link) => ` ~ ${named.get(link.spanId) ?? 'the event'}`);
      const outcome = span.attributes[attribute.outcome];
      const trouble = outcome === undefined || outcome === 'decided' ? '' : ` ${String(outcome)}`;
      return [
        `${indent}${span.name}${trouble}${linked.join('')}`,
        ...below(span.spanId, `${indent}  `),
      ];
    });
  return below(undefined, '').join('\n');
};

describe('the spans of what comes late', () => {
  it('are roots, linked: a retry of a to-do, and a reminder', async () => {
    const here = world();
    const spans = play(here);
    failures = 1;
    await here.publish(paid('issue, chase'));
    await until(() => spans.some(({ name }) => name === 'do issue'));
    await here.clock.advance(61_000);
    expect(shapeOf(spans)).toBe(`process payment.received
  create ticket.delayed
  do issue failed
do issue ~ process payment.received
  create ticket.delayed
fire chase ~ process payment.received
  create ticket.delayed`);
  });

  it('are roots, linked: what was parked and is decided later, what came of a to-do too', async () => {
    const here = world();
    const spans = play(here);
    poison.add('issued').add('r2');
    await here.publish(paid('issue'));
    await until(() => spans.some(({ name }) => name === 'do issue'));
    await here.publish(paid('r2'));
    await until(() => spans.length === 4);
    poison.clear();
    await here.clock.advance(2_000);
    await until(() => spans.length === 8);
    expect(shapeOf(spans)).toBe(`process payment.received
  create ticket.delayed
  do issue parked
process payment.received parked
hear issue ~ do issue
  create ticket.delayed
process payment.received ~ the event
  create ticket.delayed`);
  });

  it('tell that a letter died while its stream was parked, and that it came back', async () => {
    const here = world();
    const spans = play(here);
    poison.add('issued').add('r2');
    await here.publish(paid('issue'), paid('r2'));
    await until(() => spans.filter(({ status }) => status === 'error').length === 2);
    await here.clock.advance(20_000);
    const letters = here.records(deadTopic('ticket'));
    expect(letters).toHaveLength(2);
    const late = spans
      .slice(4)
      .map(({ name, parentSpanId, attributes }) => [
        name,
        parentSpanId,
        attributes[attribute.outcome],
      ]);
    const perished = late.filter(([, , outcome]) => outcome === 'dead');
    expect(perished.map(([name]) => String(name)).toSorted()).toEqual([
      'hear issue',
      'process payment.received',
    ]);
    expect(late.map(([, parent]) => parent)).toEqual(late.map(() => undefined));

    poison.clear();
    const before = spans.length;
    await here.log.append(letters.map((record) => ({ ...record, topic: redriveTopic('ticket') })));
    await until(() => spans.slice(before).some(({ name }) => name === 'hear issue'));
    const back = spans
      .slice(before)
      .filter(({ attributes }) => attributes[attribute.trigger] === 'redrive');
    expect(back.map(({ name }) => name).toSorted()).toEqual([
      'hear issue',
      'process payment.received',
    ]);
    for (const { parentSpanId, links } of back) {
      expect([parentSpanId, links.length]).toEqual([undefined, 1]);
    }
  });

  it('are one span for a copy, and none for what is heard again or not heard at all', async () => {
    const here = world();
    const spans = play(here);
    await here.publish(paid('issue'));
    await until(() => spans.some(({ name }) => name === 'do issue'));
    const before = spans.length;
    await here.publish(paid('issue'), eventOf('payment.failed', 1));
    await until(() => here.logData.progress.committed('ticket', 'payment', 0) === 3);
    expect(shapeOf(spans.slice(before))).toBe('process payment.received copied');
  });
});
