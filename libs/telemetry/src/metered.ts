import type { Registry } from './registry.ts';
import type { Outcome, Telemetry, Work } from './telemetry.ts';

/** OpenTelemetry's advice for messaging, in seconds. */
const messaging = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** A hop may wait for a service that is down, or a reminder for its hold. */
const hops = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

/** What the runtimes of a process are measured by; booking ids are never labels. */
export const flowMeters = (registry: Registry) => ({
  processing: registry.histogram({
    name: 'messaging.process.duration',
    unit: 's',
    help: 'From handed over to settled.',
    labels: ['messaging.destination.name', 'messaging.consumer.group.name', 'error.type'],
    buckets: messaging,
  }),
  sent: registry.counter({
    name: 'messaging.client.sent.messages',
    help: 'Events that were published.',
    labels: ['messaging.destination.name', 'cloudevents.event_type'],
  }),
  consumed: registry.counter({
    name: 'messaging.client.consumed.messages',
    help: 'Messages heard, by what became of them.',
    labels: ['messaging.consumer.group.name', 'cloudevents.event_type', 'flow.outcome'],
  }),
  operations: registry.histogram({
    name: 'messaging.client.operation.duration',
    unit: 's',
    help: 'Calls to the log.',
    labels: ['service', 'error.type'],
    buckets: messaging,
  }),
  storing: registry.histogram({
    name: 'flow.store.duration',
    unit: 's',
    help: 'Calls to the store.',
    labels: ['service', 'error.type'],
    buckets: messaging,
  }),
  hop: registry.histogram({
    name: 'flow.hop.duration',
    unit: 's',
    help: 'From an event decided to it processed by a service.',
    labels: ['cloudevents.event_type', 'messaging.consumer.group.name'],
    buckets: hops,
  }),
  wait: registry.histogram({
    name: 'flow.hop.wait',
    unit: 's',
    help: 'From an event decided to a service beginning with it.',
    labels: ['cloudevents.event_type', 'messaging.consumer.group.name'],
    buckets: hops,
  }),
  toDo: registry.histogram({
    name: 'flow.to_do.duration',
    unit: 's',
    help: 'A try of a to-do, by what became of it.',
    labels: ['service', 'flow.to_do.name', 'flow.outcome'],
    buckets: messaging,
  }),
  lateness: registry.histogram({
    name: 'flow.timer.lateness',
    unit: 's',
    help: 'How long after its moment a reminder fired.',
    labels: ['service', 'flow.to_do.name'],
    buckets: hops,
  }),
});

const errors = new Set<Outcome>(['parked', 'dead', 'failed']);
/** Measures what is told, and tells it on. */
export const meteredTelemetry = (
  service: string,
  meters: ReturnType<typeof flowMeters>,
  inner: Telemetry,
  now: () => number,
): Telemetry => ({
  begin: inner.begin,
  recall: inner.recall,
  hear: (message) => {
    const work = inner.hear(message);
    const began = now();
    const { type } = message;
    return measured(work, (outcome) => {
      const ended = now();
      const hop = [type, service];
      meters.consumed([service, type, outcome]);
      meters.processing(
        [message.topic, service, errors.has(outcome) ? outcome : ''],
        (ended - began) / 1000,
      );
      meters.wait(hop, Math.max(0, began - message.time) / 1000);
      meters.hop(hop, Math.max(0, ended - message.time) / 1000);
    });
  },
  attempt: (toDo) => {
    const work = inner.attempt(toDo);
    const began = now();
    if (toDo.isReminder) {
      meters.lateness([service, toDo.name], Math.max(0, began - toDo.dueAt) / 1000);
    }
    return measured(work, (outcome) =>
      meters.toDo([service, toDo.name, outcome], (now() - began) / 1000),
    );
  },
  said: (message, decided) => {
    if (!decided.isAgain) meters.sent([message.topic, message.headers['ce_type'] ?? '']);
    inner.said(message, decided);
  },
  call: (where) => {
    const began = now();
    const meter = where === 'log' ? meters.operations : meters.storing;
    return (isAnswered) =>
      meter([service, isAnswered ? '' : 'unavailable'], (now() - began) / 1000);
  },
});

const measured = (work: Work, ended: (outcome: Outcome) => void): Work => ({
  trace: work.trace,
  end: (outcome, error) => {
    ended(outcome);
    work.end(outcome, error);
  },
});
