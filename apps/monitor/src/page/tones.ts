import type { Tone } from '@ensemble/ui';
import type { StepView, Suspect, VerdictKind } from '../views.ts';

const states: Readonly<Record<string, Tone>> = {
  ticketed: 'good',
  paid: 'good',
  refunded: 'warning',
  refused: 'neutral',
  failed: 'neutral',
  declined: 'warning',
};

/** What a booking's state means for those who watch; on the way unless it is known. */
export const toneOfState = (state: string): Tone => states[state] ?? 'notice';

/** What a suspicion means: `unknown` is no milder than the rest. */
export const toneOfSuspect: Readonly<Record<Suspect, Tone>> = {
  'consumer gone': 'bad',
  lag: 'warning',
  parked: 'bad',
  'dead letter': 'bad',
  'reminder not fired': 'bad',
  'provider down': 'warning',
  unknown: 'bad',
};

export const toneOfVerdict: Readonly<Record<VerdictKind, Tone>> = {
  'undeclared edge': 'warning',
  'missing reaction': 'bad',
  late: 'warning',
  'exclusive branches': 'bad',
  'duplicate effect': 'bad',
  'orphan publish': 'warning',
  'dead edge': 'notice',
  'version drift': 'notice',
};

export const toneOfStep: Readonly<Record<StepView['kind'], Tone>> = {
  said: 'good',
  heard: 'neutral',
  did: 'notice',
  failed: 'bad',
  waits: 'warning',
  dead: 'bad',
  parked: 'bad',
};
