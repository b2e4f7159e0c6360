export type * from './views.ts';
export * from './collector/otlp.ts';
export * from './http/trace-links.ts';
export * from './metrics.ts';
