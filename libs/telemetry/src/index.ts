export * from './trace-context.ts';
export * from './tracing.ts';
export * from './attributes.ts';
export * from './span-record.ts';
