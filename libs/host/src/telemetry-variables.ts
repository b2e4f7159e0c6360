import { readPairs } from '@ensemble/telemetry';
import { z } from 'zod';
import { about, web, whole, yesOrNo } from './variable.ts';

const positive = (what: string) => whole(1, 100_000_000, what);
const pairs = z.string().refine(
  (text) => {
    try {
      readPairs(text);
      return text.split(',').every((pair) => pair.indexOf('=') > 0);
    } catch {
      return false;
    }
  },
  { error: 'name=value, several divided by commas, percent-encoded' },
);

/**
 * OpenTelemetry's variables, which telemetry reads by itself before anything else is loaded; here they
 * are described, and what is wrong with them is said.
 */
export const telemetryVariables = {
  OTEL_SDK_DISABLED: yesOrNo
    .prefault('false')
    .register(about, { meaning: 'no spans; OTEL_* are those of OpenTelemetry' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: web('http://127.0.0.1:4318').optional().register(about, {
    meaning: 'the collector that spans are sent to, by OTLP over HTTP',
    otherwise: 'they stay in the process',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/protobuf', 'http/json'], { error: 'http/protobuf or http/json' })
    .optional()
    .register(about, { meaning: 'how spans are written for it', otherwise: '`http/protobuf`' }),
  OTEL_EXPORTER_OTLP_COMPRESSION: z
    .enum(['none', 'gzip'], { error: 'none or gzip' })
    .optional()
    .register(about, { meaning: 'whether what is sent is compressed', otherwise: '`none`' }),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.optional().register(about, {
    meaning: 'headers of what is sent: `name=value,…`, percent-encoded',
    otherwise: 'none',
    secret: true,
  }),
  OTEL_EXPORTER_OTLP_TIMEOUT: positive('milliseconds').optional().register(about, {
    meaning: 'how long one export may take, its repetitions too, in milliseconds',
    otherwise: '`10000`',
  }),
  OTEL_BSP_SCHEDULE_DELAY: positive('milliseconds').optional().register(about, {
    meaning: 'how long a span waits for others, in milliseconds',
    otherwise: '`1000`',
  }),
  OTEL_BSP_MAX_QUEUE_SIZE: positive('a number').optional().register(about, {
    meaning: 'spans that may wait; what comes beyond is lost, and counted',
    otherwise: '`16384`',
  }),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: positive('a number')
    .optional()
    .register(about, { meaning: 'spans in one export', otherwise: '`512`' }),
  OTEL_SERVICE_NAME: z.string().optional().register(about, {
    meaning:
      'what the services make up together, as `service.namespace`: each has a name of its own',
    otherwise: '`ensemble`',
  }),
  OTEL_RESOURCE_ATTRIBUTES: pairs.optional().register(about, {
    meaning: 'what spans say of all services: `name=value,…`, percent-encoded',
    otherwise: 'the namespace, the process and the version',
  }),
  OTEL_TRACES_SAMPLER: z
    .enum(
      [
        'always_on',
        'always_off',
        'traceidratio',
        'parentbased_always_on',
        'parentbased_always_off',
        'parentbased_traceidratio',
      ],
      { error: 'always_on, always_off or traceidratio, or one of them after parentbased_' },
    )
    .prefault('always_on')
    .register(about, { meaning: 'which bookings are traced: each with all its traces or not' }),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .refine((text) => Number(text) >= 0 && Number(text) <= 1, { error: 'a share, 0 to 1' })
    .transform(Number)
    .prefault('1')
    .register(about, { meaning: 'the share of bookings that traceidratio keeps' }),
};
