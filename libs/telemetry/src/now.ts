/** So far the precise clock may be from the system's before it is set, in milliseconds. */
const drift = 2;
/** Asked so often, it is compared with the system's: that costs as much as to read it. */
const checkEvery = 64;
let offset = Date.now() - performance.now();
let asked = 0;

/** Milliseconds since 1970 UTC, with fractions, and seldom far from `Date.now()`. */
export const preciseNow = (): number => {
  const precise = performance.now() + offset;
  asked += 1;
  if (asked % checkEvery !== 0) return precise;
  const coarse = Date.now();
  if (Math.abs(precise - coarse) > drift) offset += coarse - precise;
  return performance.now() + offset;
};
