import type { Durations } from '../views.ts';
import { percentile } from './counter.ts';

/** The newest durations of something. */
export interface DurationSamples {
  add(at: number, ms: number): void;
  /** Of the five minutes before a moment. */
  at(now: number): Durations;
}

const windowMs = 5 * 60_000;
const atMost = 1_024;

export const samples = (): DurationSamples => {
  const ring: { at: number; ms: number }[] = [];
  let next = 0;
  return {
    add: (at, ms) => {
      ring[next] = { at, ms };
      next = (next + 1) % atMost;
    },
    at: (now) => {
      const recent = ring.flatMap(({ at, ms }) => (at <= now && at > now - windowMs ? ms : []));
      recent.sort((a, b) => a - b);
      return {
        p50: percentile(recent, 0.5),
        p99: percentile(recent, 0.99),
        count: recent.length,
      };
    },
  };
};
