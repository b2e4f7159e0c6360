/**
 * A process that is instrumented as ours are: a server of express, and a store on MongoDB that is
 * asked once. Tells where it answers, and prints its spans.
 */
import process from 'node:process';
import { beginTelemetry } from '@ensemble/telemetry/sdk';

const [, , url = ''] = process.argv;
const telemetry = await beginTelemetry({ OTEL_TRACES_EXPORTER: 'console', FLOW_TRACE_DB: '1' });

// What is looked into is loaded after what looks.
const { appOf, portOf, problemPages, serve } = await import('@ensemble/host');
const { mongoStores } = await import('@ensemble/store/mongo');

const problems = { 'not-now': [503, 'Not now', 'Try again.'] } as const;
const app = appOf(problemPages(problems), problems);
const server = await serve(app, { host: '127.0.0.1', port: 0, variable: 'PORT' });
telemetry.serves('gateway', portOf(server.url));

const stores = mongoStores({ url });
await stores.open('seat').known('');
process.send?.(server.url);

process.once('disconnect', () => process.exit(0));
