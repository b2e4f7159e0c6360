export * from './database.ts';
export * from './reading.ts';
export * from './thread.ts';
export type { Cells } from './thread/calls.ts';
