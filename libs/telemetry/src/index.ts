export * from './active.ts';
export * from './attributes.ts';
export * from './sampling.ts';
export * from './span-record.ts';
export * from './spans.ts';
export * from './trace-context.ts';
export * from './telemetry.ts';
