export * from './access.ts';
export * from './log.ts';
export * from './memory-data.ts';
export * from './memory.ts';
export * from './partition.ts';
export * from './sqlite.ts';
export * from './sqlite-reading.ts';
