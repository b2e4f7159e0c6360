import type { NewRecord } from '@ensemble/log';

/** What the thread of the monitor is told. */
export type ToMonitor =
  /** Spans that ended, as JSON, and how many could not be handed over so far. */
  | { readonly kind: 'spans'; readonly json: string; readonly lost: number }
  /** What became of records that were to be put back: why not, or null. */
  | { readonly kind: 'put'; readonly id: number; readonly failure: string | null }
  /** It is asked for its metrics. */
  | { readonly kind: 'measure'; readonly id: number }
  | { readonly kind: 'stop' };

/** What the thread of the monitor tells. */
export type FromMonitor =
  | { readonly kind: 'listens'; readonly url: string }
  /** Why it cannot start, in words for who started it. */
  | { readonly kind: 'cannot-start'; readonly message: string }
  | { readonly kind: 'waits'; readonly for: readonly string[] }
  /** So many spans were taken in. */
  | { readonly kind: 'took'; readonly spans: number }
  /** Its metrics: Prometheus text. */
  | { readonly kind: 'measured'; readonly id: number; readonly text: string }
  | { readonly kind: 'warn'; readonly what: string; readonly reason: string }
  | { readonly kind: 'put'; readonly id: number; readonly records: readonly NewRecord[] };
