import process from 'node:process';
import { instrument } from './instrument.ts';
import { preciseNow } from './now.ts';
import { otlpSettings } from './otlp-settings.ts';
import { shareOf } from './sampling.ts';
import type { SpanSink } from './span-record.ts';
import { spanTracing } from './spans.ts';
import type { Telemetry } from './telemetry.ts';

/** Telemetry of a process: what its services tell, and who is told. */
export interface ProcessTelemetry {
  /** Spans of a service. @param system what the log is: `kafka`, or `ensemble` for one of ours */
  telemetryOf(service: string, system: string): Telemetry;
  /** Requests at this port are a service's work. */
  serves(service: string, port: number): void;
  /** From now on this too is told of every span. */
  collect(sink: SpanSink): void;
  /** Spans that ended, were sent to a collector, and were lost on the way there. */
  counts(): { readonly ended: number; readonly sent: number; readonly lost: number };
  /** Sends what there is to send, for at most two seconds. */
  stop(): Promise<void>;
}

const stopWithinMs = 1_500;

const printed: SpanSink = (span) => void process.stderr.write(`${JSON.stringify(span)}\n`);

type Env = Readonly<Record<string, string | undefined>>;

/** The share of bookings that are traced, by OpenTelemetry's own variables. */
const ratioOf = ({ OTEL_TRACES_SAMPLER: name = '', OTEL_TRACES_SAMPLER_ARG: arg }: Env): number => {
  if (name.endsWith('always_off')) return 0;
  if (!name.endsWith('traceidratio')) return 1;
  const share = Number(arg || 1);
  // The configuration says so in words.
  return Number.isNaN(share) ? 1 : share;
};

/**
 * Begins the telemetry of this process by OpenTelemetry's variables: OTEL_TRACES_EXPORTER,
 * OTEL_TRACES_SAMPLER and …_ARG (the share of bookings), and those of {@link otlpSettings};
 * FLOW_TRACE_DB=1 for spans of the database
 * and FLOW_TRACE_ALL=1 for messages that led to nothing. Call it before express and mongodb are
 * imported; with OTEL_SDK_DISABLED=true do not call it.
 */
export const beginTelemetry = async (env: Env): Promise<ProcessTelemetry> => {
  const ratio = ratioOf(env);
  const sampling = shareOf(ratio);
  const settings = otlpSettings(env);
  // Whoever sends nothing does not pay for loading what sends.
  const exporting =
    settings === undefined ? undefined : (await import('./otlp.ts')).otlpExport(settings);
  const sinks: SpanSink[] = exporting === undefined ? [] : [exporting.sink];
  if (env['OTEL_TRACES_EXPORTER'] === 'console') sinks.push(printed);
  let ended = 0;
  const sink: SpanSink = (span) => {
    ended += 1;
    for (const take of sinks) take(span);
  };
  const services = new Map<number, string>();
  const end = instrument({
    sink,
    sampling: ratio === 0 ? undefined : sampling,
    serviceOf: ({ attributes }) => {
      const database = attributes['db.namespace'];
      if (typeof database === 'string') return database.replace(/^ensemble_/, '');
      return services.get(Number(attributes['server.port']));
    },
    withDatabase: env['FLOW_TRACE_DB'] === '1',
  });
  return {
    telemetryOf: (service, system) =>
      spanTracing({
        service,
        sampling,
        sink,
        system,
        now: preciseNow,
        verbose: env['FLOW_TRACE_ALL'] === '1',
      }),
    serves: (service, port) => void services.set(port, service),
    collect: (take) => void sinks.push(take),
    counts: () => ({ ended, ...(exporting?.counts() ?? { sent: 0, lost: 0 }) }),
    stop: async () => {
      // What is under way ends first, for it has spans of its own.
      await end();
      await exporting?.stop(stopWithinMs);
    },
  };
};
