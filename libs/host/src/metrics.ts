import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Happening, Observe, Status } from '@ensemble/choreography';
import { isEventType } from '@ensemble/contracts';
import type { Registry, Sample } from '@ensemble/telemetry';
import { aboutOne } from './about-one.ts';

const whatOf = (happening: Happening, what: string): string => {
  if (aboutOne.has(happening)) return '';
  // An event that is not ours to know may be called anything.
  return happening === 'ignored' && !isEventType(what) ? 'unknown' : what;
};

/** Counts what happens in the runtimes of a process. */
export const countHappenings = (registry: Registry): Observe => {
  const count = registry.counter({
    name: 'flow.happenings',
    help: 'What happened in the runtime of a service, by what it was about.',
    labels: ['service', 'happening', 'what'],
  });
  return (happening, { service, what }) => count([service, happening, whatOf(happening, what)]);
};

/** How a part of the process is, as far as metrics go. */
export interface MeasuredPart extends Pick<Status, 'waitsFor'> {
  readonly parked?: Status['parked'] | undefined;
  /** Records that wait for it, by topic. */
  readonly lag?: (() => Promise<ReadonlyMap<string, number>>) | undefined;
}

/** Shows how the parts of the process are, and the process itself. Ends with what is returned. */
export const watchProcess = (
  registry: Registry,
  parts: () => ReadonlyMap<string, MeasuredPart>,
  { now }: { now: () => number },
): (() => void) => {
  const ofParts = (
    name: string,
    help: string,
    valueOf: (part: MeasuredPart) => number,
    unit?: string,
  ): void =>
    registry.gauge({ name, help, labels: ['service'], ...(unit && { unit }) }, () =>
      [...parts()].map(([service, part]): Sample => [[service], valueOf(part)]),
    );
  const isAway = (what: string) => (part: MeasuredPart) =>
    part.waitsFor.some((each) => each.startsWith(`${what}: `)) ? 1 : 0;
  const ageMs = ({ parked }: MeasuredPart): number =>
    Math.max(0, now() - (parked?.oldest ?? now()));

  ofParts('flow.ready', 'Whether a service waits for nothing.', ({ waitsFor }) =>
    waitsFor.length === 0 ? 1 : 0,
  );
  ofParts('flow.log.away', 'Whether the log does not answer.', isAway('log'));
  ofParts('flow.store.away', 'Whether the store does not answer.', isAway('store'));
  ofParts(
    'flow.parked.streams',
    'Streams that wait because a decision failed.',
    ({ parked }) => parked?.streams ?? 0,
  );
  ofParts(
    'flow.parked.inputs',
    'Inputs that wait in parked streams.',
    ({ parked }) => parked?.inputs ?? 0,
  );
  ofParts(
    'flow.parked.oldest_age',
    'How long the oldest parked input has waited.',
    (part) => ageMs(part) / 1000,
    's',
  );
  registry.gauge(
    { name: 'flow.consumer.lag', help: 'Records that wait for it.', labels: ['service', 'topic'] },
    async () => {
      const lags = [...parts()].map(async ([service, { lag }]) =>
        [...((await lag?.()) ?? [])].map(([topic, count]): Sample => [[service, topic], count]),
      );
      return (await Promise.all(lags)).flat();
    },
  );

  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const seconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0;
  const one = (name: string, help: string, value: () => number, unit?: string): void =>
    registry.gauge({ name, help, labels: [], ...(unit && { unit }) }, () => [[[], value()]]);
  registry.gauge(
    {
      name: 'nodejs.eventloop.delay',
      unit: 's',
      help: 'Delay of the event loop.',
      labels: ['quantile'],
    },
    () => [0.5, 0.99, 1].map((at): Sample => [[String(at)], seconds(delay.percentile(at * 100))]),
  );
  one('process.resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage().rss);
  one('nodejs.heap_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
  one(
    'process.cpu',
    'CPU time used.',
    () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    's',
  );
  return () => delay.disable();
};
