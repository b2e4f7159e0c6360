export * from './answer.ts';
export * from './patience.ts';
export * from './problem.ts';
export * from './request.ts';
export * from './settling.ts';
export * from './under-way.ts';
