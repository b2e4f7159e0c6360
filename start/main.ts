/** Runs the system, or the apps named: `npm start [-- gateway seat payment …]`. */
import process from 'node:process';

// What telemetry looks into has to be loaded after it; and where it is off it is not loaded.
const isOff = process.env['OTEL_SDK_DISABLED'] === 'true';
const telemetry = isOff
  ? undefined
  : await (await import('@ensemble/telemetry/sdk')).beginTelemetry(process.env);
const { run } = await import('./ensemble.ts');
await run(telemetry);
