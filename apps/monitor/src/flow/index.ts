export { declarationSchema, type Declared } from './declared.ts';
export type { Letters, LettersQuery } from './letters.ts';
export type { Filter } from './list.ts';
export type { Health } from './map.ts';
export * from './knowledge.ts';
export { type Proof, proofOf } from './proof.ts';
export { recordView } from './record-view.ts';
export { defaultRules, type Rule } from './rules.ts';
export type { Lag, Lags } from './suspect.ts';
