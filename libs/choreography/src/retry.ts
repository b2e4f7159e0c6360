/** How something is tried again: exponential backoff with full jitter, up to a limit. */
export interface RetryPolicy {
  /** The longest wait before the second try, in milliseconds; it doubles from try to try. */
  readonly firstMs: number;
  /** The longest wait of all, in milliseconds. */
  readonly maxMs: number;
  /** Tries in all, the first included. Default: no limit. */
  readonly limit?: number;
}

/**
 * The wait before the next try, in milliseconds.
 * Full jitter: uniform between 0 and min(max, first · 2^(tries - 1)), so that those who failed
 * together do not come back together. Source: AWS Architecture Blog, "Exponential Backoff And
 * Jitter" (2015).
 * @param tries tries made so far, at least 1
 * @param random uniform in [0, 1)
 */
export const backoffMs = (
  { firstMs, maxMs }: Pick<RetryPolicy, 'firstMs' | 'maxMs'>,
  tries: number,
  random: () => number,
): number => Math.ceil(random() * Math.min(maxMs, firstMs * 2 ** Math.min(tries - 1, 40)));
