import process from 'node:process';
import type { ResourceAttributes } from './otlp-encoding.ts';

/** Where spans are sent, and how: OpenTelemetry's variables. Times in milliseconds. */
export interface OtlpSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly format: 'protobuf' | 'json';
  readonly isCompressed: boolean;
  /** What all services of the process share. */
  readonly resource: ResourceAttributes;
  /** For one export, its repetitions too. */
  readonly timeoutMs: number;
  /** Spans that may wait; what comes beyond is lost, and counted. */
  readonly queueAtMost: number;
  readonly batchAtMost: number;
  /** So long a batch waits for more. */
  readonly delayMs: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/** `name=value,…`, each percent-encoded, as in W3C baggage. @throws URIError */
export const readPairs = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const [name = '', ...rest] = pair.split('=');
      if (name.trim() === '' || rest.length === 0) return [];
      return [[decodeURIComponent(name.trim()), decodeURIComponent(rest.join('=').trim())]];
    }),
  );

/** What cannot be read is left out as a whole; the start of the process says so. */
const pairsOf = (text: string | undefined): Readonly<Record<string, string>> => {
  try {
    return readPairs(text ?? '');
  } catch (error) {
    if (error instanceof URIError) return {};
    throw error;
  }
};

const numberOf = (text: string | undefined, otherwise: number): number => {
  const number = Number(text || otherwise);
  return Number.isFinite(number) && number > 0 ? number : otherwise;
};

/**
 * What the services of a process share. Each is told under its own name: a name for all of them, in
 * OTEL_SERVICE_NAME or `service.name`, is that of what they make up.
 */
export const resourceOf = (env: Env): ResourceAttributes => {
  const { 'service.name': name, ...given } = pairsOf(env['OTEL_RESOURCE_ATTRIBUTES']);
  return {
    'service.namespace': env['OTEL_SERVICE_NAME'] || name || 'ensemble',
    'service.instance.id': `${process.pid}@${env['HOSTNAME'] || 'localhost'}`,
    ...(env['npm_package_version'] && { 'service.version': env['npm_package_version'] }),
    ...given,
  };
};

/** A variable for traces, or the one for all signals. */
const forTraces = (env: Env, name: string): string | undefined =>
  env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`];

/** Where the environment wants spans to be sent; undefined for nowhere. */
export const otlpSettings = (env: Env): OtlpSettings | undefined => {
  const { OTEL_TRACES_EXPORTER: exporter } = env;
  if (exporter === 'none' || exporter === 'console') return undefined;
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const url =
    env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || (base && `${base.replace(/\/+$/, '')}/v1/traces`);
  if (url === undefined || url === '') return undefined;
  const timeoutMs = numberOf(forTraces(env, 'TIMEOUT'), 10_000);
  const queueAtMost = numberOf(env['OTEL_BSP_MAX_QUEUE_SIZE'], 16_384);
  return {
    url,
    headers: {
      ...pairsOf(env['OTEL_EXPORTER_OTLP_HEADERS']),
      ...pairsOf(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS']),
    },
    format: forTraces(env, 'PROTOCOL') === 'http/json' ? 'json' : 'protobuf',
    isCompressed: forTraces(env, 'COMPRESSION') === 'gzip',
    resource: resourceOf(env),
    timeoutMs: Math.min(timeoutMs, numberOf(env['OTEL_BSP_EXPORT_TIMEOUT'], timeoutMs)),
    // Some seconds at full load: OpenTelemetry's own default lost half of a burst.
    queueAtMost,
    batchAtMost: Math.min(queueAtMost, numberOf(env['OTEL_BSP_MAX_EXPORT_BATCH_SIZE'], 512)),
    delayMs: numberOf(env['OTEL_BSP_SCHEDULE_DELAY'], 1_000),
  };
};
