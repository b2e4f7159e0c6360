export * from './database.ts';
export * from './reading.ts';
