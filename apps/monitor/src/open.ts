export type * from './views.ts';
export * from './http/trace-links.ts';
export * from './metrics.ts';
