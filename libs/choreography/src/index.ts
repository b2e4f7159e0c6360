export * from './access.ts';
export * from './clock.ts';
export { decide, type Decided } from './decide.ts';
export * from './flow.ts';
export { emptyFold, type Fold, readSaid, recall } from './fold.ts';
export * from './ids.ts';
export * from './input.ts';
export type { Settled } from './lane.ts';
export {
  deadLetterHeaders,
  deadTopic,
  open as openLetter,
  type Opened,
  positionOfRecord,
  redriveTopic,
} from './letter.ts';
export * from './parking.ts';
export * from './ports.ts';
export * from './promise.ts';
export * from './read-model.ts';
export * from './retry.ts';
export * from './runtime.ts';
export * from './service.ts';
