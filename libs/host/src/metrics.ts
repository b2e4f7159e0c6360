import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Happening, Observe, Status } from '@ensemble/choreography';
import { isEventType } from '@ensemble/contracts';
import { aboutOne } from './about-one.ts';

/** Series that one process may have at most: what a stranger puts on the log adds no label. */
const seriesAtMost = 1_000;

/** The counters of a process, as Prometheus reads them. */
export interface Metrics {
  readonly observe: Observe;
  /** Prometheus text format 0.0.4. */
  render(services: ReadonlyMap<string, Pick<Status, 'waitsFor' | 'parked'>>): string;
  stop(): void;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

const escaped = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', ' ');

const labelled = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const metric = (
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly Sample[],
): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labelled(labels)} ${value}`),
  ].join('\n');

const whatOf = (happening: Happening, what: string): string => {
  if (aboutOne.has(happening)) return '';
  // An event that is not ours to know may be called anything.
  return happening === 'ignored' && !isEventType(what) ? 'unknown' : what;
};

/** Counts what happens in the runtimes of a process. */
export const metrics = ({ now }: { now: () => number }): Metrics => {
  const counts = new Map<string, { labels: Labels; count: number }>();
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();

  const counter = (service: string, happening: Happening, what: string) => {
    const key = `${service} ${happening} ${what}`;
    const known = counts.get(key);
    if (known !== undefined) return known;
    const fresh = {
      labels: { service, happening, ...(what === '' ? {} : { what }) },
      count: 0,
    };
    counts.set(key, fresh);
    return fresh;
  };

  const observe: Observe = (happening, { service, what }) => {
    const isFull = counts.size >= seriesAtMost;
    counter(service, happening, isFull ? 'other' : whatOf(happening, what)).count += 1;
  };

  return {
    observe,
    render: (services) => {
      const each = (valueOf: (status: Pick<Status, 'waitsFor' | 'parked'>) => number): Sample[] =>
        [...services].map(([service, status]) => [{ service }, valueOf(status)]);
      const ageMs = ({ parked: { oldest } }: Pick<Status, 'parked'>): number =>
        oldest === null ? 0 : Math.max(0, now() - oldest);
      const waitsFor = (what: string) => (status: Pick<Status, 'waitsFor'>) =>
        status.waitsFor.some((each) => each.startsWith(`${what}: `)) ? 1 : 0;
      const seconds = (nanoseconds: number): number =>
        Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0;
      const delayAt = (quantile: number): Sample => [
        { quantile: String(quantile) },
        seconds(delay.percentile(quantile * 100)),
      ];
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const text = [
        metric(
          'ensemble_happenings_total',
          'counter',
          'What happened in the runtime of a service, by what it was about.',
          [...counts.values()].map(({ labels, count }) => [labels, count]),
        ),
        metric(
          'ensemble_ready',
          'gauge',
          'Whether a service waits for nothing.',
          each(({ waitsFor: all }) => (all.length === 0 ? 1 : 0)),
        ),
        metric(
          'ensemble_log_away',
          'gauge',
          'Whether the log does not answer.',
          each(waitsFor('log')),
        ),
        metric(
          'ensemble_store_away',
          'gauge',
          'Whether the store does not answer.',
          each(waitsFor('store')),
        ),
        metric(
          'ensemble_parked_streams',
          'gauge',
          'Streams that wait because a decision failed.',
          each(({ parked }) => parked.streams),
        ),
        metric(
          'ensemble_parked_inputs',
          'gauge',
          'Inputs that wait in parked streams.',
          each(({ parked }) => parked.inputs),
        ),
        metric(
          'ensemble_parked_oldest_seconds',
          'gauge',
          'How long the oldest parked input has waited.',
          each((status) => ageMs(status) / 1000),
        ),
        metric('nodejs_eventloop_delay_seconds', 'gauge', 'Delay of the event loop.', [
          delayAt(0.5),
          delayAt(0.99),
          delayAt(1),
        ]),
        metric('process_resident_memory_bytes', 'gauge', 'Memory of the process.', [[{}, rss]]),
        metric('nodejs_heap_used_bytes', 'gauge', 'Heap in use.', [[{}, heapUsed]]),
        metric('process_cpu_seconds_total', 'counter', 'CPU time used.', [
          [{}, (user + system) / 1e6],
        ]),
      ];
      return `${text.join('\n')}\n`;
    },
    stop: () => delay.disable(),
  };
};
