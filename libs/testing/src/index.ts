export * from './given.ts';
export * from './interleavings.ts';
