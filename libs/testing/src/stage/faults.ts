import type { LogFault } from './stormy-log.ts';
import type { Faults } from './weather.ts';
import type { WireFault } from './wire.ts';

/** What can befall processes between two steps. */
export type Misfortune =
  | 'crashes'
  | 'stops'
  | 'pauses'
  | 'rebalances'
  | 'two owners'
  | 'log away'
  | 'store away'
  | 'flawed code'
  | 'garbage on the log';

/** All that can go wrong on a stage, whatever is played. */
export type StageFault = Misfortune | WireFault | LogFault | 'skewed clocks' | 'old code';

const perStep = [0.0003, 0.002] as const;
const seldomPerStep = [0.0001, 0.0005] as const;
const perCall = [0.002, 0.1] as const;
const perDelivery = [0.02, 0.3] as const;

/** How often each strikes. */
export const stageFaults: Faults<StageFault> = {
  crashes: perStep,
  stops: perStep,
  pauses: perStep,
  rebalances: perStep,
  'two owners': perStep,
  'log away': seldomPerStep,
  'store away': seldomPerStep,
  'flawed code': seldomPerStep,
  'garbage on the log': perStep,
  'skewed clocks': [0.3, 1],
  'old code': [0.1, 0.5],
  'calls refused': perCall,
  'answers lost': perCall,
  'calls half done': perCall,
  'calls that take their time': perCall,
  'calls that arrive when nobody waits any more': perCall,
  'records twice': perDelivery,
  'late deliveries': perDelivery,
  'offsets lost': [0.1, 0.5],
  'offsets set back': [0.1, 0.6],
};
