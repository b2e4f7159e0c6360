/** So far the precise clock may be from the system's before it is set, in milliseconds. */
const drift = 2;
let offset = Date.now() - performance.now();

/** Milliseconds since 1970 UTC, with fractions, and never far from `Date.now()`. */
export const preciseNow = (): number => {
  const precise = performance.now() + offset;
  const coarse = Date.now();
  if (Math.abs(precise - coarse) <= drift) return precise;
  offset += coarse - precise;
  return coarse;
};
