import process from 'node:process';
import { TraceFlags } from '@opentelemetry/api';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOffSampler, AlwaysOnSampler, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { adopting } from './http-spans.ts';
import type { Sampling } from './sampling.ts';
import type { SpanSink } from './span-record.ts';
import { readTraceParent } from './trace-context.ts';

/** Not worth a span: probes, and streams that stay open for hours. */
const isQuiet = (path: string): boolean =>
  /^\/(?:healthz|readyz|metrics)\b|\/live$/.test(path.split('?')[0] ?? '');

/**
 * Looks into express and, if asked, mongodb. To be called before either is imported: their modules
 * are changed while they are loaded, and nothing says so when it is too late.
 * @param options.sampling by conversations; undefined where nothing is sampled at all
 * @param options.serviceOf whose work a span is; undefined for one that is nobody's
 * @param options.withDatabase spans for each command to the database too
 * @returns what ends it
 */
export const instrument = ({
  sink,
  sampling,
  serviceOf,
  withDatabase,
}: {
  sink: SpanSink;
  sampling: Sampling | undefined;
  serviceOf: (span: ReadableSpan) => string | undefined;
  withDatabase: boolean;
}): (() => Promise<void>) => {
  register({ include: ['http', 'node:http', 'express', 'mongodb'] });
  // It would look for exporters of its own: ours are the only ones.
  process.env['OTEL_LOGS_EXPORTER'] ??= 'none';
  const sdk = new NodeSDK({
    autoDetectResources: false,
    metricReaders: [],
    // Whose a request is shows while it is answered: whether it is kept is decided at its end.
    sampler: sampling === undefined ? new AlwaysOffSampler() : new AlwaysOnSampler(),
    spanProcessors: sampling === undefined ? [] : [adopting(sink, sampling, serviceOf)],
    // Nobody outside decides on our traces, and no provider learns of them.
    textMapPropagator: null,
    instrumentations: [
      new HttpInstrumentation({
        disableOutgoingRequestInstrumentation: true,
        ignoreIncomingRequestHook: ({ url = '' }) => isQuiet(url),
        requestHook: (span, request) => {
          if (!('headers' in request)) return;
          const { traceparent } = request.headers;
          const theirs = readTraceParent(typeof traceparent === 'string' ? traceparent : undefined);
          if (theirs === undefined || theirs.spanId === null) return;
          const { traceId, spanId } = theirs;
          span.addLink({ context: { traceId, spanId, traceFlags: TraceFlags.NONE } });
        },
      }),
      new ExpressInstrumentation({
        ignoreLayersType: [
          ExpressLayerType.MIDDLEWARE,
          ExpressLayerType.ROUTER,
          ExpressLayerType.REQUEST_HANDLER,
        ],
      }),
      ...(withDatabase ? [new MongoDBInstrumentation({ requireParentSpan: false })] : []),
    ],
  });
  sdk.start();
  return () => sdk.shutdown();
};
