export * from './define.ts';
export * from './envelope.ts';
export * from './events.ts';
export * from './values.ts';
export * from './state.ts';
